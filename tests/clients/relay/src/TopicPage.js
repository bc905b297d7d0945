import { graphql } from "relay-runtime";

graphql`
  query TopicPageQuery($name: String!) {
    topic(name: $name) {
      name
      parent { name }
      children { name itemCount }
      ...TopicPage_items
    }
  }
`;

// From the end, as an archive is read.
graphql`
  fragment TopicPage_items on Topic
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "TopicPageItemsQuery") {
    items(last: $count, before: $cursor, orderBy: OLDEST)
      @connection(key: "TopicPage_items", filters: []) {
      edges { node { ...ItemCard_item } }
    }
  }
`;
