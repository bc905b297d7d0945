import { graphql } from "relay-runtime";

graphql`
  fragment Picture_image on Image { url width height title attribution }
`;
