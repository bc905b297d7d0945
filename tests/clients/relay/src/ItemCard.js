import { graphql } from "relay-runtime";

graphql`
  fragment ItemCard_item on Item {
    title
    publishedDateTime
    images(first: 1) { ...Picture_image }
    provider { ...ProviderPage_name }
    topics { name parent { name } }
    related(first: 3) {
      title
      item { title provider { ...ProviderPage_name } }
    }
  }
`;
