import { useState } from "preact/hooks";

import { storedToken, storeToken } from "../token";

/** Where an editor enters the token with which drafts and scheduled stories show too. */
export function EditorMenu({ onToken }: { onToken: () => void }) {
  const [token, setToken] = useState(storedToken);
  const isEditor = storedToken() !== "";

  function use(token: string) {
    storeToken(token);
    setToken(token);
    onToken();
  }

  return (
    <details class="editor-menu">
      <summary>{isEditor ? "Editor" : "Editors"}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          use(token.trim());
        }}
      >
        <label for="editor-token">Editor token</label>
        <input
          id="editor-token"
          type="password"
          autoComplete="off"
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
        <p>With it, drafts and scheduled stories show too. This tab keeps it until it is closed.</p>
        <button type="submit">Read as an editor</button>
        {isEditor && (
          <button type="button" onClick={() => use("")}>
            Read as the public
          </button>
        )}
      </form>
    </details>
  );
}
