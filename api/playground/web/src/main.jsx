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
import { useMemo, useState } from "react";
import { createRoot } from "react-dom/client";

import { EditorToken } from "./EditorToken.jsx";
import { ExamplesMenu } from "./ExamplesMenu.jsx";
import { examples } from "./examples.js";
import { makeFetcher } from "./fetcher.js";
import { storedToken, storeToken } from "./token.js";

const plugins = [explorerPlugin({ showAttribution: false }), HISTORY_PLUGIN];

/** A link with ?query=…&variables=… opens that query, but does not run it. */
const linked = new URLSearchParams(location.search);
const query = linked.get("query") ?? undefined;
const variables = linked.get("variables") ?? undefined;
const defaultTabs = query ? [{ query, variables }, ...examples] : examples;

function Playground() {
  const [token, setToken] = useState(storedToken);
  const [refused, setRefused] = useState(false);
  const fetcher = useMemo(() => makeFetcher(token, setRefused), [token]);
  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={plugins}
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
        <EditorToken
          token={token}
          refused={refused}
          onChange={(value) => {
            storeToken(value);
            setToken(value);
          }}
        />
      </GraphiQL.Logo>
    </GraphiQL>
  );
}

createRoot(document.getElementById("playground")).render(<Playground />);
