// A list of stories that goes on as one scrolls.
import type { AnyVariables } from "@urql/core";
import { useClient } from "@urql/preact";
import { useEffect, useRef, useState } from "preact/hooks";

import type { StoriesFragment, TypedDocumentString } from "../api";
import { Story, type ListedStory } from "./Story";

/** A page of a list. */
type Page = Pick<StoriesFragment, "pageInfo"> & { nodes: ListedStory[] };

/** After so many pages one asks for more by a button, so that the page's foot can be reached. */
const PAGES_WITHOUT_ASKING = 4;

interface Props<Data, Variables> {
  /** The page that is there already. */
  first: Page;
  /** The query of the next pages, which takes `after`. */
  query: TypedDocumentString<Data, Variables>;
  variables: Variables;
  /** Finds the list in the query's data. */
  list: (data: Data) => Page | null | undefined;
}

export function Feed<Data, Variables extends AnyVariables>({ first, query, variables, list }: Props<Data, Variables>) {
  const client = useClient();
  const [more, setMore] = useState<Page[]>([]);
  const [state, setState] = useState<"idle" | "waiting" | "failed">("idle");
  const end = useRef<HTMLDivElement>(null);
  // Another first page is another list: what followed the old one does not belong to it.
  useEffect(() => setMore([]), [first]);

  const pages = [first, ...more];
  const { hasNextPage, endCursor } = pages[pages.length - 1]!.pageInfo;
  const mustAsk = pages.length > PAGES_WITHOUT_ASKING || state === "failed";

  async function read() {
    setState("waiting");
    const result = await client.query<Data, AnyVariables>(query.toString(), { ...variables, after: endCursor });
    const page = result.data && list(result.data);
    if (page) setMore((pages) => [...pages, page]);
    setState(page ? "idle" : "failed");
  }

  useEffect(() => {
    const mark = end.current;
    if (!mark || !hasNextPage || mustAsk || state !== "idle") return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && void read(), { rootMargin: "600px" });
    observer.observe(mark);
    return () => observer.disconnect();
  });

  return (
    <div class="feed" aria-busy={state === "waiting"}>
      {pages.flatMap(({ nodes }) => nodes).map((story) => (
        <Story key={story.id} story={story} level={2} />
      ))}
      <div ref={end} class="more" aria-live="polite">
        {state === "waiting" && <span>Loading more …</span>}
        {state === "failed" && <span>The next stories could not be read. </span>}
        {hasNextPage && mustAsk && state !== "waiting" && (
          <button type="button" onClick={() => void read()}>
            {state === "failed" ? "Try again" : "More stories"}
          </button>
        )}
        {!hasNextPage && pages.length > 1 && <span>That is all.</span>}
      </div>
    </div>
  );
}
