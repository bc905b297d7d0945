// A component that shows the fields of a site, `price` and `levels`, typed by graphql-codegen.
import type { CourseCardFragment, CoursesQuery, CoursesQueryVariables } from "./types.js";

export const beginners: CoursesQueryVariables = {
  filter: { levels: ["Beginner"], price: ["Free"] },
};

export function CourseCard({ course }: { course: CourseCardFragment }): string {
  const levels: readonly string[] = course.levels ?? [];
  const average: number | null | undefined = course.ratings?.average;
  // @ts-expect-error - a price may be missing
  const price: string = course.price;
  return [course.title, price, levels.join(", "), average?.toFixed(1)].join(" · ");
}

export function Courses({ items }: CoursesQuery): string[] {
  const chosen = items?.facets?.levels?.map(({ value, count }) => `${value} (${count})`) ?? [];
  return [...chosen, ...(items?.nodes ?? []).map((course) => CourseCard({ course }))];
}

export const wrong: CoursesQueryVariables[] = [
  // @ts-expect-error - levels are texts
  { filter: { levels: [1] } },
  // @ts-expect-error - the site has no such field
  { filter: { mood: ["good"] } },
];
