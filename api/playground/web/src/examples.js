// The tabs of a first visit and the entries of the examples menu. Each runs on any corpus, and is
// named after its operation, as GraphiQL names tabs.
import frontPage from "./examples/front-page.graphql";
import providerPage from "./examples/provider-page.graphql";
import topicTree from "./examples/topic-tree.graphql";
import search from "./examples/search.graphql";
import searchVariables from "./examples/search.json";
import infiniteScroll from "./examples/infinite-scroll.graphql";
import infiniteScrollVariables from "./examples/infinite-scroll.json";

const example = (query, variables) => ({
  name: /^query (\w+)/m.exec(query)[1],
  query,
  ...(variables && { variables: JSON.stringify(variables, null, 2) }),
});

export const examples = [
  example(frontPage),
  example(providerPage),
  example(topicTree),
  example(search, searchVariables),
  example(infiniteScroll, infiniteScrollVariables),
];
