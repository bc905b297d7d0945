// The queries of docs/graphql.md, which tests run: what the playground offers as examples.

/** Returns the title, the query and the variables of each section of the guide that has a query. */
export function queriesOf(guide) {
  const sections = guide.split(/^(?=##)/m).filter((section) => section.startsWith("### "));
  return sections.flatMap((section) => {
    const [, query, variables = ""] = /```graphql\n(.*?)```(?:\s+Variables:\s+```json\n(.*?)```)?/s.exec(section) ?? [];
    // A title such as "Back links: which items refer to this one?" is too long for a menu.
    const [title] = section.slice("### ".length).split(/[\n:]/, 1);
    return query ? [{ title, query: query.trim(), variables: variables.trim() }] : [];
  });
}
