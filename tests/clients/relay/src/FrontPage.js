import { graphql } from "relay-runtime";

graphql`
  query FrontPageQuery($count: Int!, $cursor: String, $order: ItemOrder!) {
    ...FrontPage_items @arguments(count: $count, cursor: $cursor, order: $order)
    corpus { itemCount updatedDateTime }
  }
`;

graphql`
  fragment FrontPage_items on Query
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 10 }
    cursor: { type: "String" }
    order: { type: "ItemOrder", defaultValue: NEWEST }
  )
  @refetchable(queryName: "FrontPagePaginationQuery") {
    items(first: $count, after: $cursor, orderBy: $order)
      @connection(key: "FrontPage_items", filters: ["orderBy"]) {
      totalCount
      edges {
        node { ...ItemCard_item }
      }
    }
  }
`;
