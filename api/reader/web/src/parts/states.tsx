// What a page shows while it waits, when there is nothing, and when the server does not answer.
import type { ComponentChildren } from "preact";
import type { CombinedError } from "@urql/core";

/** Grey lines in the place of stories; screen readers hear "Loading". */
export function Loading({ rows = 4 }: { rows?: number }) {
  return (
    <div class="loading" role="status">
      <span class="hidden">Loading …</span>
      {Array.from({ length: rows }, (_, row) => (
        <div class="ghost" key={row} aria-hidden="true" />
      ))}
    </div>
  );
}

/** Why there is no answer, in words, with a way to try again. */
export function Failure({ error }: { error: CombinedError }) {
  return (
    <div class="failure" role="alert">
      <h2>{error.networkError ? "The server is away" : "This page could not be read"}</h2>
      <p>{reason(error)}</p>
      <button type="button" onClick={() => location.reload()}>
        Try again
      </button>
    </div>
  );
}

function reason(error: CombinedError): string {
  if (error.networkError && !error.response) {
    return "It does not answer. Check your connection, or wait a moment: it may be starting again.";
  }
  return error.graphQLErrors[0]?.message ?? `It answered with the status ${error.response?.status ?? "unknown"}.`;
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}
