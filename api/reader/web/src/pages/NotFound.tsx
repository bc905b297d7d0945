import { useTitle } from "../parts/title";

export function NotFound() {
  useTitle("Not found");
  return (
    <div class="failure">
      <h1>Nothing is here</h1>
      <p>It may have been taken back, or the address has a mistake.</p>
      <p>
        <a class="button" href="/">
          To the front page
        </a>
      </p>
    </div>
  );
}
