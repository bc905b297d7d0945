// An Apollo Client of the server at NEWSGRAPH_URL, set up as docs/clients.md says.
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";

import { cachePolicies } from "./cache-policies.mjs";

export { gql };
export const URL = process.env.NEWSGRAPH_URL;

export const makeClient = (link = new HttpLink({ uri: URL })) =>
  new ApolloClient({ link, cache: new InMemoryCache(cachePolicies) });
