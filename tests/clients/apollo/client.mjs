// An Apollo Client of the server at NEWSGRAPH_URL, as docs/clients.md sets it up.
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";

export { gql };
export const URL = process.env.NEWSGRAPH_URL;

const LISTS = relayStylePagination(["orderBy", "filter"]);

/** Which types each interface has, as the server says. */
async function possibleTypes() {
  const query = "{ __schema { types { name possibleTypes { name } } } }";
  const response = await fetch(URL, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  const { types } = (await response.json()).data.__schema;
  return Object.fromEntries(
    types
      .filter((type) => type.possibleTypes)
      .map((type) => [type.name, type.possibleTypes.map(({ name }) => name)]),
  );
}

export async function makeClient(link = new HttpLink({ uri: URL })) {
  const cache = new InMemoryCache({
    possibleTypes: await possibleTypes(),
    typePolicies: {
      Query: { fields: { items: LISTS, providers: LISTS, topics: LISTS } },
      Provider: { fields: { items: LISTS } },
      Topic: { fields: { items: LISTS } },
      Item: { fields: { relatedBy: LISTS } },
    },
  });
  return new ApolloClient({ cache, link });
}
