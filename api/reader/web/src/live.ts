// Live answers: a query whose answer comes again whenever the server has another one.
import type { Client } from "@urql/core";

import type { TypedDocumentString } from "./api";

/** When the server ended a stream, which it does when it is restarted, or could not be reached. */
const AGAIN_AFTER_MS = 2_000;
const RETRY_AFTER_MS = 30_000;

/**
 * Follows a subscription while the tab is visible: tabs in the background hold no connection, of which browsers open
 * only six to an HTTP/1.1 server. Returns what ends it. On a server whose streams are turned off, no answers come.
 */
export function follow<Data>(
  client: Client,
  subscription: TypedDocumentString<Data, Record<string, never>>,
  onAnswer: (data: Data) => void,
): () => void {
  let end = () => {};
  const begin = () => {
    end();
    if (document.visibilityState !== "visible") return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const { unsubscribe } = client.subscription<Data>(subscription.toString(), {}).subscribe((result) => {
      if (result.data) onAnswer(result.data);
      if (!result.hasNext) timer = setTimeout(begin, result.error ? RETRY_AFTER_MS : AGAIN_AFTER_MS);
    });
    end = () => {
      clearTimeout(timer);
      unsubscribe();
    };
  };
  document.addEventListener("visibilitychange", begin);
  begin();
  return () => {
    document.removeEventListener("visibilitychange", begin);
    end();
  };
}
