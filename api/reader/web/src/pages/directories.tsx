// The pages that list all topics, publishers, authors and months.
import type { ComponentChildren } from "preact";
import type { AnyVariables } from "@urql/core";
import { useClient } from "@urql/preact";
import { useEffect, useState } from "preact/hooks";

import {
  ArchivePageDocument,
  AuthorsPageDocument,
  ProvidersPageDocument,
  TopicsPageDocument,
  type TypedDocumentString,
} from "../api";
import { authorPath, monthPath, providerPath, topicPath } from "../links";
import { usePageQuery } from "../parts/BehindPage";
import { Picture } from "../parts/Picture";
import { Empty, Failure, Loading } from "../parts/states";
import { useTitle } from "../parts/title";
import { counted, monthName } from "../words";

interface Page<Entry> {
  nodes: Entry[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  totalCount?: number | null;
}

/** Returns the entries of the pages that were read so far, and how to read another. */
function usePages<Data, Entry, Variables extends AnyVariables>(
  query: TypedDocumentString<Data, Variables>,
  list: (data: Data) => Page<Entry> | null | undefined,
) {
  const client = useClient();
  const { data, error } = usePageQuery(query, {} as Variables);
  const [more, setMore] = useState<Page<Entry>[]>([]);
  const first = data && list(data);
  useEffect(() => setMore([]), [first]);
  const pages = first ? [first, ...more] : [];
  const last = pages[pages.length - 1];

  async function readMore() {
    const after = last?.pageInfo.endCursor;
    const result = await client.query<Data, AnyVariables>(query.toString(), { after });
    const page = result.data && list(result.data);
    if (page) setMore([...more, page]);
  }

  return {
    entries: pages.flatMap(({ nodes }) => nodes),
    total: first?.totalCount ?? 0,
    more: last?.pageInfo.hasNextPage ? () => void readMore() : undefined,
    instead: first ? undefined : error ? <Failure error={error} /> : <Loading />,
  };
}

function Directory({ title, total, more, children }: { title: string; total: string; more?: () => void; children: ComponentChildren }) {
  useTitle(title);
  return (
    <>
      <header class="list-head">
        <h1>{title}</h1>
        <p>{total}</p>
      </header>
      {children}
      {more && (
        <div class="more">
          <button type="button" onClick={more}>
            More
          </button>
        </div>
      )}
    </>
  );
}

interface TopicEntry {
  name: string;
  slug: string;
  itemCount: number;
  parent: { slug: string } | null;
}

export function TopicsPage() {
  const { entries, total, more, instead } = usePages(TopicsPageDocument, (data) => data.topics);
  if (instead) return instead;
  const known = new Set(entries.map(({ slug }) => slug));
  const below = Map.groupBy(entries, ({ parent }) => (parent && known.has(parent.slug) ? parent.slug : ""));
  return (
    <Directory title="Topics" total={counted(total, "topic", "topics")} more={more}>
      <Branch topics={below.get("") ?? []} below={below} />
    </Directory>
  );
}

function Branch({ topics, below }: { topics: TopicEntry[]; below: Map<string, TopicEntry[]> }) {
  if (topics.length === 0) return null;
  return (
    <ul class="tree">
      {topics.map(({ name, slug, itemCount }) => (
        <li key={slug}>
          <a href={topicPath(slug)}>{name}</a> <small>{itemCount}</small>
          <Branch topics={below.get(slug) ?? []} below={below} />
        </li>
      ))}
    </ul>
  );
}

export function ProvidersPage() {
  const { entries, total, more, instead } = usePages(ProvidersPageDocument, (data) => data.providers);
  if (instead) return instead;
  return (
    <Directory title="Publishers" total={counted(total, "publisher", "publishers")} more={more}>
      <ul class="publishers">
        {entries.map(({ name, domain, itemCount, images }) => (
          <li key={domain}>
            <a href={providerPath(domain)}>
              <Picture picture={images[0]} />
              <span>
                {name}
                <small>{counted(itemCount)}</small>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </Directory>
  );
}

export function AuthorsPage() {
  const { entries, total, more, instead } = usePages(AuthorsPageDocument, (data) => data.authors);
  if (instead) return instead;
  return (
    <Directory title="Authors" total={counted(total, "author", "authors")} more={more}>
      <ul class="names">
        {entries.map(({ name, slug, itemCount }) => (
          <li key={slug}>
            <a href={authorPath(slug)}>{name}</a> <small>{itemCount}</small>
          </li>
        ))}
      </ul>
    </Directory>
  );
}

export function ArchivePage() {
  const { data, error } = usePageQuery(ArchivePageDocument, {});
  const months = data?.items?.facets?.months;
  if (!months) return error ? <Failure error={error} /> : <Loading />;
  const years = [...Map.groupBy(months, ({ month }) => month.slice(0, 4))];
  const most = Math.max(...months.map(({ count }) => count));
  return (
    <Directory title="Archive" total={counted(data?.items?.totalCount ?? 0)}>
      {years.length === 0 && <Empty>No story has a date.</Empty>}
      {years.map(([year, months]) => (
        <section key={year} class="year">
          <h2>{year}</h2>
          <ul>
            {months.map(({ month, count }) => (
              <li key={month}>
                <a href={monthPath(month)}>
                  <span>{monthName(month)}</span>
                  <meter min={0} max={most} value={count} aria-hidden="true" />
                  <small>{counted(count)}</small>
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Directory>
  );
}
