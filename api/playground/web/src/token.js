// Where the editor token lives: this browser tab, until it is closed.
//
// sessionStorage outlives a reload, which memory would not, and is neither shared with other tabs nor
// left on disk for the next visitor, as localStorage (where GraphiQL keeps tabs and history) would be.
const KEY = "newsgraph:editor-token";

export function storedToken() {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return ""; // Storage is switched off in this browser: the token lasts as long as the page.
  }
}

export function storeToken(token) {
  try {
    if (token) sessionStorage.setItem(KEY, token);
    else sessionStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}
