import { graphql } from "relay-runtime";

graphql`
  query ProviderPageQuery($domain: String!) {
    provider(domain: $domain) { ...ProviderPage_name ...ProviderPage_items }
  }
`;

graphql`
  fragment ProviderPage_name on Provider {
    name
    images { ...Picture_image }
  }
`;

graphql`
  fragment ProviderPage_items on Provider
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 10 }
    cursor: { type: "String" }
    filter: { type: "ItemFilter" }
  )
  @refetchable(queryName: "ProviderPageItemsQuery") {
    itemCount
    items(first: $count, after: $cursor, filter: $filter)
      @connection(key: "ProviderPage_items", filters: ["filter"]) {
      edges { node { ...ItemCard_item } }
    }
  }
`;
