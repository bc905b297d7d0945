// The same component in Relay, typed by its compiler.
import { graphql } from "relay-runtime";

import type { CourseCard_course$data } from "../__generated__/CourseCard_course.graphql.js";

export const fragment = graphql`
  fragment CourseCard_course on Item {
    title
    price
    levels
  }
`;

export const query = graphql`
  query CourseCardQuery($filter: ItemFilter) {
    items(first: 10, filter: $filter) {
      nodes { ...CourseCard_course }
    }
  }
`;

export function CourseCard({ course }: { course: CourseCard_course$data }): string {
  const levels: readonly string[] = course.levels ?? [];
  // @ts-expect-error - a price may be missing
  const price: string = course.price;
  return [course.title, price, levels.join(", ")].join(" · ");
}
