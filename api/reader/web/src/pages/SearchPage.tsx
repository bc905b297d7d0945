import { useLocation } from "preact-iso/router";

import { SearchPageDocument, type ItemFilter, type SearchPageQuery } from "../api";
import { usePageQuery } from "../parts/BehindPage";
import { Feed } from "../parts/Feed";
import { Empty, Failure, Loading } from "../parts/states";
import { useTitle } from "../parts/title";
import { counted, heading } from "../words";

/** The facets that one may choose from, with their parameters in the address and in the filter. */
const CHOICES = ["categories", "types", "providers", "topics"] as const;
type Choice = (typeof CHOICES)[number];

export function SearchPage() {
  const { query } = useLocation();
  const words = query["q"] ?? "";
  const filter: ItemFilter = { search: words };
  for (const choice of CHOICES) if (query[choice]) filter[choice] = [query[choice]];
  const orderBy = query["order"] === "newest" ? "NEWEST" : "RELEVANCE";
  const variables = { words, filter, orderBy } as const;
  const { data, error, isWaiting } = usePageQuery(SearchPageDocument, variables, { pause: !words });
  useTitle(words ? `${words} – Search` : "Search");
  if (!words) return <Empty>Write what you look for into the box above.</Empty>;
  if (!data?.items) return error ? <Failure error={error} /> : <Loading />;
  const { items } = data;
  return (
    <div class="search-page" aria-busy={isWaiting}>
      <header class="list-head">
        <h1>
          <q>{words}</q>
        </h1>
        <p role="status">{counted(items.totalCount ?? 0)}</p>
        {items.didYouMean && (
          <p class="correction">
            Did you mean <a href={changed(query, "q", items.didYouMean)}>{items.didYouMean}</a>?
          </p>
        )}
        <p class="orders">
          <Order name="relevance" current={orderBy} />
          <Order name="newest" current={orderBy} />
        </p>
      </header>
      <Facets facets={items.facets} />
      {items.nodes.length === 0 ? (
        <Empty>No story has these words.</Empty>
      ) : (
        <Feed first={items} query={SearchPageDocument} variables={variables} list={(data) => data.items} />
      )}
    </div>
  );
}

/** Returns the address of this search with one parameter changed, or taken out. */
function changed(query: Record<string, string>, name: string, value: string | undefined): string {
  const { [name]: _, ...others } = query;
  return `/search?${new URLSearchParams(value === undefined ? others : { ...others, [name]: value })}`;
}

function Order({ name, current }: { name: "relevance" | "newest"; current: string }) {
  const { query } = useLocation();
  const isCurrent = current.toLowerCase() === name;
  return (
    <a href={changed(query, "order", name)} aria-current={isCurrent ? "true" : undefined}>
      {name === "newest" ? "Newest first" : "Best match first"}
    </a>
  );
}

type ItemFacets = NonNullable<NonNullable<SearchPageQuery["items"]>["facets"]>;

function Facets({ facets }: { facets: ItemFacets | null }) {
  if (!facets) return null;
  const values: Record<Choice, [value: string, label: string, count: number][]> = {
    categories: (facets.categories ?? []).map(({ value, count }) => [value, heading(value), count]),
    types: (facets.types ?? []).map(({ value, count }) => [value, heading(value), count]),
    providers: (facets.providers ?? []).map(({ provider, count }) => [provider.domain, provider.name, count]),
    topics: (facets.topics ?? []).map(({ topic, count }) => [topic.slug, topic.name, count]),
  };
  const titles = { categories: "Section", types: "Kind", providers: "Publisher", topics: "Topic" };
  return (
    <aside class="facets" aria-label="Narrow the search">
      {CHOICES.map((choice) => (
        <Values key={choice} choice={choice} title={titles[choice]} values={values[choice]} />
      ))}
    </aside>
  );
}

function Values({ choice, title, values }: { choice: Choice; title: string; values: [string, string, number][] }) {
  const { query } = useLocation();
  const chosen = query[choice];
  if (values.length < 2 && !chosen) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {values.map(([value, label, count]) => (
          <li key={value}>
            <a
              href={changed(query, choice, value === chosen ? undefined : value)}
              aria-current={value === chosen ? "true" : undefined}
            >
              {label} <small>{count}</small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
