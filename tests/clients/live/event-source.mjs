// Runs in the browser of tests/api/playground.
function follow(query, onResult) {
  const source = new EventSource(`${process.env.NEWSGRAPH_URL}?${new URLSearchParams({ query })}`);
  source.addEventListener("next", ({ data }) => onResult(JSON.parse(data)));
  source.addEventListener("complete", () => source.close());
  return () => source.close();
}
