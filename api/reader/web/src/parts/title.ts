import { useEffect } from "preact/hooks";

/** Names the browser's tab, which screen readers read after a move to another page. */
export function useTitle(title: string | undefined) {
  useEffect(() => {
    if (title) document.title = title;
  }, [title]);
}
