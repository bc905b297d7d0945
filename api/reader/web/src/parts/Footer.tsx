export function Footer() {
  return (
    <footer class="foot">
      <p>
        Made with <a href="/graphql">newsgraph</a>: every page is one GraphQL query.
      </p>
    </footer>
  );
}
