import { graphql } from "relay-runtime";

graphql`
  query ItemPageQuery($url: URL!) {
    item(url: $url) { ...ItemPage_item ...ItemPage_relatedBy }
  }
`;

// Refetched through `node(id:)`.
graphql`
  fragment ItemPage_item on Item @refetchable(queryName: "ItemPageRefetchQuery") {
    ...ItemCard_item
    body
    heat
  }
`;

graphql`
  fragment ItemPage_relatedBy on Item
  @argumentDefinitions(count: { type: "Int", defaultValue: 5 }, cursor: { type: "String" })
  @refetchable(queryName: "ItemPageRelatedByQuery") {
    relatedBy(first: $count, after: $cursor) @connection(key: "ItemPage_relatedBy") {
      edges { node { ...ItemCard_item } }
    }
  }
`;
