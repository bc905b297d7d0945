import { graphql } from "relay-runtime";

graphql`
  query AllTopicsQuery($count: Int = 20, $cursor: String) {
    topics(first: $count, after: $cursor, orderBy: MOST_ITEMS)
      @connection(key: "AllTopics_topics", filters: []) {
      edges { node { name slug itemCount } }
    }
  }
`;
