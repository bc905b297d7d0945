import { useClient } from "@urql/preact";
import { useEffect, useState } from "preact/hooks";

import { NewestDocument } from "../api";
import { follow } from "../live";

interface Props {
  /** The ids of the newest stories on the page. */
  known: string[];
  onShow: () => void;
}

/** Says that there are newer stories than those on the page, and shows them when asked. */
export function NewStories({ known, onShow }: Props) {
  const client = useClient();
  const [count, setCount] = useState(0);

  useEffect(() => {
    setCount(0);
    return follow(client, NewestDocument, ({ items }) => {
      const newest = items?.nodes.map(({ id }) => id) ?? [];
      setCount(newest.filter((id) => !known.includes(id)).length);
    });
  }, [known.join()]);

  return (
    <div class="new-stories" role="status">
      {count > 0 && (
        <button type="button" onClick={onShow}>
          {count === 20 ? "20 or more" : count} new {count === 1 ? "story" : "stories"}
        </button>
      )}
    </div>
  );
}
