// Keeps the editor token until this browser tab is closed.
//
// sessionStorage survives a reload, unlike memory. Unlike localStorage, where GraphiQL keeps tabs and
// history, it is not shared with other tabs and not kept for the next user of the browser.
const KEY = "newsgraph:editor-token";

export function storedToken() {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return ""; // Storage is disabled in this browser: the token lasts until the page is reloaded.
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
