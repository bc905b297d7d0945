// The editor's token, which this tab keeps until it is closed. The playground, on the same origin, uses the same.
const KEY = "newsgraph:editor-token";

export function storedToken(): string {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return ""; // storage is disabled in this browser
  }
}

/** Keeps a token for this tab; the empty text forgets it. */
export function storeToken(token: string): void {
  try {
    if (token) sessionStorage.setItem(KEY, token);
    else sessionStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}
