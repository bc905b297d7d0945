import { useGraphiQL } from "@graphiql/react";
import { useEffect, useState } from "react";

import { EditorToken } from "./EditorToken.jsx";

const COUNT = new Intl.NumberFormat("en");

/**
 * As whom the visitor reads, the field for a token if the server takes any, whether queries are followed, and what the
 * tab's response took.
 */
export function StatusBar({ audience, takesTokens, token, refused, onToken, onLive, answer }) {
  const tab = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.id);
  const [answers, setAnswers] = useState({});
  useEffect(() => {
    if (answer) setAnswers((answers) => ({ ...answers, [tab]: answer }));
  }, [answer]);
  const reader = token && !refused ? "editor" : audience;
  return (
    <div className="status-bar">
      <span className="reader" data-audience={reader} data-refused={refused} title={READERS[reader]}>
        {refused ? "Token refused" : `Reading as ${reader}`}
      </span>
      {takesTokens && <EditorToken token={token} refused={refused} onChange={onToken} />}
      <label className="live" title="Run queries as streams: the result follows each change until you stop it.">
        <input type="checkbox" role="switch" onChange={(event) => onLive(event.target.checked)} />
        Live
      </label>
      <output className="report" aria-label="What the response took">
        {answers[tab] && report(answers[tab])}
      </output>
    </div>
  );
}

const READERS = {
  public: "You see published items only.",
  editor: "You see all items, also unpublished ones.",
};

/** Describes an answer, such as "Cost 62 of 10,000 · 3 database calls · 14 ms", or "Live · result 3". */
function report({ cost, milliseconds, answers }) {
  if (answers) return `Live · result ${COUNT.format(answers)}`;
  const parts = [];
  if (cost) {
    parts.push(`Cost ${COUNT.format(cost.requested)} of ${COUNT.format(cost.limit)}`);
    parts.push(`${COUNT.format(cost.databaseCalls)} database ${cost.databaseCalls === 1 ? "call" : "calls"}`);
  }
  parts.push(`${COUNT.format(Math.round(milliseconds))} ms`);
  return parts.join(" · ");
}
