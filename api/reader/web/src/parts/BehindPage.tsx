// "The query behind this page": what the page asked, with its variables, cost and time.
import { createContext, type ComponentChildren } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";

import type { AnyVariables } from "@urql/core";
import { useAnswer, type Answer, type Facts } from "../client";
import type { TypedDocumentString } from "../api";
import { playgroundPath } from "../links";

interface Asked {
  query: string;
  variables: object;
  facts: Facts;
}

const Context = createContext<{ asked?: Asked; show: (asked: Asked | undefined) => void }>({ show: () => {} });

export function Behind({ children }: { children: ComponentChildren }) {
  const [asked, show] = useState<Asked>();
  return <Context.Provider value={{ asked, show }}>{children}</Context.Provider>;
}

/** Reads the query that makes a page, and shows it behind that page. */
export function usePageQuery<Data, Variables extends AnyVariables>(
  query: TypedDocumentString<Data, Variables>,
  variables: Variables,
  options: { pause?: boolean } = {},
): Answer<Data> {
  const answer = useAnswer(query, variables, options);
  const { show } = useContext(Context);
  const { cost, ms } = answer.facts;
  const variablesText = JSON.stringify(variables);
  useEffect(() => {
    show({ query: query.toString().trim().replace(/^ +(?=fragment )/gm, ""), variables: variables ?? {}, facts: { cost, ms } });
    return () => show(undefined);
  }, [query, variablesText, cost, ms]);
  return answer;
}

export function BehindPage() {
  const { asked } = useContext(Context);
  const dialog = useRef<HTMLDialogElement>(null);
  if (!asked) return null;
  const { query, variables, facts } = asked;
  const hasVariables = Object.keys(variables).length > 0;
  return (
    <>
      <button type="button" class="behind-open" onClick={() => dialog.current?.showModal()}>
        <span aria-hidden="true">{"{ }"}</span> The query behind this page
      </button>
      <dialog ref={dialog} class="behind" aria-labelledby="behind-title" onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}>
        <div class="behind-content">
          <header>
            <h2 id="behind-title">The query behind this page</h2>
            <button type="button" class="close" aria-label="Close" onClick={() => dialog.current?.close()}>
              ×
            </button>
          </header>
          <p class="facts">
            {facts.ms !== undefined && <span>{facts.ms < 10 ? facts.ms.toFixed(1) : Math.round(facts.ms)} ms there and back</span>}
            {facts.cost && (
              <span>
                cost {facts.cost.requested.toLocaleString()} of {facts.cost.limit.toLocaleString()}
              </span>
            )}
            <span>one request</span>
          </p>
          {hasVariables && (
            <>
              <h3>Variables</h3>
              <pre tabIndex={0}>{JSON.stringify(variables, null, 2)}</pre>
            </>
          )}
          <h3>Query</h3>
          <pre tabIndex={0}>{painted(query)}</pre>
          <footer>
            <a class="button" href={playgroundPath(query, variables)} target="_blank" rel="noopener">
              Open in the playground
            </a>
            <button type="button" onClick={() => void navigator.clipboard?.writeText(query)}>
              Copy
            </button>
          </footer>
        </div>
      </dialog>
    </>
  );
}

const TOKENS = /(\b(?:query|fragment|on)\b)|(\$\w+)|(\.\.\.\w*)|(\b[A-Z]\w*\b)|(\b\w+(?=:))|(\b\d+\b)/g;
const KINDS = ["keyword", "variable", "spread", "type", "argument", "number"];

/** Colors a query: enough for the few that this reader has, which are all well formed. */
function painted(query: string): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let last = 0;
  for (const match of query.matchAll(TOKENS)) {
    parts.push(query.slice(last, match.index));
    const kind = KINDS[match.slice(1).findIndex((group) => group !== undefined)];
    parts.push(<span class={`token-${kind}`}>{match[0]}</span>);
    last = match.index + match[0].length;
  }
  parts.push(query.slice(last));
  return parts;
}
