// The connection with the API: one urql client for each editor token, and the hook that pages read with.
import { cacheExchange, Client, fetchExchange, makeOperation, mapExchange, type AnyVariables, type CombinedError } from "@urql/core";
import { useQuery } from "@urql/preact";

import type { TypedDocumentString } from "./api";
import { storedToken } from "./token";

/** What the API says of an answer besides its data. */
export interface Facts {
  /** What the query may cost, as the API counts it, and the most that it allows. */
  cost?: { requested: number; limit: number };
  /** From sending the query to having read the answer, in milliseconds. */
  ms?: number;
}

export interface Answer<Data> {
  /** Undefined until the first answer; while a later one is on its way, the last. */
  data?: Data;
  error?: CombinedError;
  isWaiting: boolean;
  facts: Facts;
  /** Asks the server again, and shows the new answer when it is there. */
  refresh: () => void;
}

/** Asks for the cost of each query, and measures how long its answer takes. */
const facts = mapExchange({
  onOperation: (operation) => ({
    ...makeOperation(operation.kind, operation, { ...operation.context, startedAt: performance.now() }),
    extensions: { ...operation.extensions, cost: true },
  }),
  onResult: (result) => ({
    ...result,
    extensions: { ...result.extensions, ms: performance.now() - (result.operation.context["startedAt"] as number) },
  }),
});

export function makeClient(): Client {
  return new Client({
    url: "/graphql",
    preferGetMethod: false,
    fetchSubscriptions: true, // as server-sent events
    exchanges: [cacheExchange, facts, fetchExchange],
    fetchOptions: () => {
      const token = storedToken();
      return token ? { headers: { authorization: `Bearer ${token}` } } : {};
    },
  });
}

/** Reads a query for a component, again whenever the variables change. */
export function useAnswer<Data, Variables extends AnyVariables>(
  query: TypedDocumentString<Data, Variables>,
  variables: Variables,
  { pause = false } = {},
): Answer<Data> {
  const [{ data, error, fetching, extensions }, execute] = useQuery<Data, AnyVariables>({
    query: query.toString(),
    variables,
    pause,
  });
  const refresh = () => execute({ requestPolicy: "network-only" });
  return { data, error, isWaiting: fetching, facts: (extensions ?? {}) as Facts, refresh };
}
