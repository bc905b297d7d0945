// The addresses of the reader's pages. The server answers each with the same page (api/reader/page.py).
const part = encodeURIComponent;

/** An item's id is `item:` and a name; the address has the name alone. */
export const itemPath = (id: string) => `/items/${part(id.replace(/^item:/, ""))}`;
export const itemId = (name: string) => `item:${name}`;
export const sectionPath = (category: string) => `/sections/${part(category)}`;
export const tagPath = (tag: string) => `/tags/${part(tag)}`;
export const topicPath = (slug: string) => `/topics/${part(slug)}`;
export const providerPath = (domain: string) => `/providers/${part(domain)}`;
export const authorPath = (slug: string) => `/authors/${part(slug)}`;
export const monthPath = (month: string) => `/archive/${part(month)}`;

/** The playground with a query in it. */
export function playgroundPath(query: string, variables: object): string {
  const hasVariables = Object.keys(variables).length > 0;
  const parameters = new URLSearchParams({ query, ...(hasVariables && { variables: JSON.stringify(variables, null, 2) }) });
  return `/graphql?${parameters}`;
}
