import { useState } from "react";

const HINTS = {
  none: "Without a token, you see what everyone sees.",
  sent: "The token is sent with every request and forgotten when you close this tab.",
  refused: "The server does not accept this token.",
};

/** The field for the editor token; the token takes effect on Enter or on leaving the field. */
export function EditorToken({ token, refused, onChange }) {
  const [draft, setDraft] = useState(token);
  const state = !token ? "none" : refused ? "refused" : "sent";
  const commit = () => draft.trim() !== token && onChange(draft.trim());
  return (
    <form
      className="editor-token"
      data-state={state}
      title={HINTS[state]}
      onSubmit={(event) => {
        event.preventDefault();
        commit();
      }}
    >
      <input
        type="password"
        name="editor-token"
        aria-label="Editor token"
        aria-invalid={state === "refused"}
        aria-describedby="editor-token-hint"
        placeholder="Editor token"
        autoComplete="off"
        spellCheck="false"
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
      />
      <span id="editor-token-hint" role="status" className="visually-hidden">
        {HINTS[state]}
      </span>
    </form>
  );
}
