// The clients of docs/clients.md that follow queries.
import { ApolloLink, Observable } from "@apollo/client";
import { OperationTypeNode, print } from "graphql";
import { createClient } from "graphql-sse";
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from "@urql/core";

export const makeLiveClient = (settings) =>
  createClient({
    url: process.env.NEWSGRAPH_URL,
    retryAttempts: Infinity,
    ...settings,
  });

export const liveLink = (live) =>
  new ApolloLink(
    ({ query, operationName, variables }) =>
      new Observable((sink) =>
        live.subscribe(
          { query: print(query), operationName, variables },
          {
            next: (result) => sink.next(result),
            error: (error) => sink.error(error),
            complete: () => sink.complete(),
          },
        ),
      ),
  );

export const withSubscriptions = (live, http) =>
  ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    liveLink(live),
    http,
  );

export const makeUrql = (live) =>
  new Client({
    url: process.env.NEWSGRAPH_URL,
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({ unsubscribe: live.subscribe({ query, variables }, sink) }),
        }),
      }),
    ],
  });
