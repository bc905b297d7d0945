// The tabs of a first visit. Each runs on any corpus; a test checks each against the schema.
import frontPage from "./examples/front-page.graphql";
import providerPage from "./examples/provider-page.graphql";
import topicTree from "./examples/topic-tree.graphql";
import search from "./examples/search.graphql";
import searchVariables from "./examples/search.json";
import infiniteScroll from "./examples/infinite-scroll.graphql";
import infiniteScrollVariables from "./examples/infinite-scroll.json";

const pretty = (variables) => JSON.stringify(variables, null, 2);

export const examples = [
  { query: frontPage },
  { query: providerPage },
  { query: topicTree },
  { query: search, variables: pretty(searchVariables) },
  { query: infiniteScroll, variables: pretty(infiniteScrollVariables) },
];
