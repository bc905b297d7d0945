import "./workers.js";
// GraphiQL imports Monaco lazily; imported here too, its styles are part of the page's only stylesheet.
import "monaco-graphql/esm/monaco-editor.js";
import "@fontsource/roboto/latin-400.css";
import "@fontsource/roboto/latin-500.css";
import "@fontsource/fira-code/latin-400.css";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "@graphiql/plugin-explorer/style.css";
import "graphiql/graphiql.css";
import "./playground.css";

import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { GraphiQL } from "graphiql";
import { useMemo, useRef, useState } from "react";
import { createRoot } from "react-dom/client";

import { ExamplesMenu } from "./ExamplesMenu.jsx";
import { makeFetcher } from "./fetcher.js";
import { StatusBar } from "./StatusBar.jsx";
import { storedToken, storeToken } from "./token.js";
import welcome from "./welcome.graphql";

const plugins = [explorerPlugin({ showAttribution: false }), HISTORY_PLUGIN];

/** A link with ?query=…&variables=… opens that query, but does not run it. */
const linked = new URLSearchParams(location.search);
const query = linked.get("query") ?? undefined;
const variables = linked.get("variables") ?? undefined;
const defaultTabs = [query ? { query, variables } : { query: welcome }];

/** What the server says in the page: who a visitor without a token is, and whether a token changes that. */
const element = document.getElementById("playground");
const { audience, takesTokens } = element.dataset;

/** On a narrow screen, the query and the response need the room. */
const isWide = matchMedia("(min-width: 761px)").matches;

function Playground() {
  const [token, setToken] = useState(storedToken);
  const [refused, setRefused] = useState(false);
  const [answer, setAnswer] = useState(null);
  const isLive = useRef(false); // A fetcher of its own for each would make GraphiQL read the schema again.
  const fetcher = useMemo(
    () => makeFetcher(token, { isLive: () => isLive.current, onRefused: setRefused, onAnswer: setAnswer }),
    [token],
  );
  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={plugins}
      defaultEditorToolsVisibility={isWide && "variables"}
      defaultTabs={defaultTabs}
      initialQuery={query}
      initialVariables={variables}
      inputValueDeprecation
      schemaDescription
      shouldPersistHeaders={false}
    >
      <GraphiQL.Toolbar>
        {({ prettify, merge, copy }) => (
          <>
            {prettify}
            {merge}
            {copy}
            <ExamplesMenu />
          </>
        )}
      </GraphiQL.Toolbar>
      <GraphiQL.Logo>
        <span className="brand">newsgraph</span>
      </GraphiQL.Logo>
      <GraphiQL.Footer>
        <StatusBar
          audience={audience}
          takesTokens={takesTokens === "true"}
          token={token}
          refused={refused}
          onToken={(value) => {
            storeToken(value);
            setToken(value);
          }}
          onLive={(value) => (isLive.current = value)}
          answer={answer}
        />
      </GraphiQL.Footer>
    </GraphiQL>
  );
}

createRoot(element).render(<Playground />);
