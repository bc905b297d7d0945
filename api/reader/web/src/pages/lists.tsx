// The pages of one section, topic, publisher, author or month: a heading, and their stories.
import { useRoute } from "preact-iso/router";
import type { ComponentChildren } from "preact";

import {
  AuthorPageDocument,
  MonthPageDocument,
  ProviderPageDocument,
  SectionPageDocument,
  TagPageDocument,
  TopicPageDocument,
  type StoriesFragment,
  type TopicPageQuery,
} from "../api";
import { topicPath } from "../links";
import { usePageQuery } from "../parts/BehindPage";
import { Feed } from "../parts/Feed";
import { Picture } from "../parts/Picture";
import { Empty, Failure, Loading } from "../parts/states";
import { useTitle } from "../parts/title";
import { counted, heading, monthTitle } from "../words";
import { NotFound } from "./NotFound";

function Heading({ kind, title, children }: { kind: ComponentChildren; title: ComponentChildren; children?: ComponentChildren }) {
  return (
    <header class="list-head">
      <p class="kicker">{kind}</p>
      <h1>{title}</h1>
      {children}
    </header>
  );
}

export function SectionPage() {
  const { category = "" } = useRoute().params;
  const variables = { category };
  const { data, error } = usePageQuery(SectionPageDocument, variables);
  useTitle(heading(category));
  if (!data?.items) return error ? <Failure error={error} /> : <Loading />;
  return (
    <>
      <Heading kind="Section" title={heading(category)}>
        <p>{counted(data.items.totalCount ?? 0)}</p>
      </Heading>
      <Feed first={data.items} query={SectionPageDocument} variables={variables} list={(data) => data.items} />
    </>
  );
}

export function TagPage() {
  const { tag = "" } = useRoute().params;
  const variables = { tag };
  const { data, error } = usePageQuery(TagPageDocument, variables);
  useTitle(tag);
  if (!data?.items) return error ? <Failure error={error} /> : <Loading />;
  return (
    <>
      <Heading kind="Tag" title={tag}>
        <p>{counted(data.items.totalCount ?? 0)}</p>
      </Heading>
      <Feed first={data.items} query={TagPageDocument} variables={variables} list={(data) => data.items} />
    </>
  );
}

export function ProviderPage() {
  const { domain = "" } = useRoute().params;
  const variables = { domain };
  const { data, error } = usePageQuery(ProviderPageDocument, variables);
  const provider = data?.provider;
  useTitle(provider?.name);
  if (!data || (!provider && error)) return error ? <Failure error={error} /> : <Loading />;
  if (!provider) return <NotFound />;
  return (
    <>
      <Heading kind={<a href="/providers">Publishers</a>} title={provider.name}>
        <div class="emblem">
          <Picture picture={provider.images[0]} />
        </div>
        <p>
          {counted(provider.itemCount)} · <a href={`https://${provider.domain}`} rel="noopener">{provider.domain}</a>
        </p>
      </Heading>
      <Stories list={provider.items}>
        {(first) => (
          <Feed first={first} query={ProviderPageDocument} variables={variables} list={(data) => data.provider?.items} />
        )}
      </Stories>
    </>
  );
}

export function AuthorPage() {
  const { slug = "" } = useRoute().params;
  const variables = { slug };
  const { data, error } = usePageQuery(AuthorPageDocument, variables);
  const author = data?.author;
  useTitle(author?.name);
  if (!data || (!author && error)) return error ? <Failure error={error} /> : <Loading />;
  if (!author) return <NotFound />;
  return (
    <>
      <Heading kind={<a href="/authors">Authors</a>} title={author.name}>
        <p>{counted(author.itemCount)}</p>
      </Heading>
      <Stories list={author.items}>
        {(first) => <Feed first={first} query={AuthorPageDocument} variables={variables} list={(data) => data.author?.items} />}
      </Stories>
    </>
  );
}

export function TopicPage() {
  const { slug = "" } = useRoute().params;
  const variables = { slug };
  const { data, error } = usePageQuery(TopicPageDocument, variables);
  const topic = data?.topic;
  useTitle(topic?.name);
  if (!data || (!topic && error)) return error ? <Failure error={error} /> : <Loading />;
  if (!topic) return <NotFound />;
  return (
    <>
      <Heading kind={<Path topic={topic} />} title={topic.name}>
        <p>{counted(data.items?.totalCount ?? 0)}</p>
        <Children topic={topic} />
      </Heading>
      <Stories list={data.items}>
        {(first) => <Feed first={first} query={TopicPageDocument} variables={variables} list={(data) => data.items} />}
      </Stories>
    </>
  );
}

type Topic = NonNullable<TopicPageQuery["topic"]>;

/** The topics above this one, outermost first. */
function Path({ topic }: { topic: Topic }) {
  return (
    <>
      <a href="/topics">Topics</a>
      {topic.ancestors?.map(({ name, slug }) => (
        <a key={slug} href={topicPath(slug)}>
          {name}
        </a>
      ))}
    </>
  );
}

function Children({ topic }: { topic: Topic }) {
  const children = topic.children ?? [];
  if (children.length === 0) return null;
  return (
    <ul class="labels" aria-label="Subtopics">
      {children.map(({ name, slug, itemCount }) => (
        <li key={slug}>
          <a href={topicPath(slug)}>
            {name} <small>{itemCount}</small>
          </a>
        </li>
      ))}
    </ul>
  );
}

export function MonthPage() {
  const { month = "" } = useRoute().params;
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) return <NotFound />;
  return <MonthStories month={month} />;
}

function MonthStories({ month }: { month: string }) {
  const from = new Date(`${month}-01T00:00:00Z`);
  const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1));
  const variables = { from: from.toISOString(), to: to.toISOString() };
  const { data, error } = usePageQuery(MonthPageDocument, variables);
  useTitle(monthTitle(month));
  if (!data?.items) return error ? <Failure error={error} /> : <Loading />;
  return (
    <>
      <Heading kind={<a href="/archive">Archive</a>} title={monthTitle(month)}>
        <p>{counted(data.items.totalCount ?? 0)}</p>
      </Heading>
      <Feed first={data.items} query={MonthPageDocument} variables={variables} list={(data) => data.items} />
    </>
  );
}

function Stories({ list, children }: { list: StoriesFragment | null | undefined; children: (first: StoriesFragment) => ComponentChildren }) {
  if (!list) return <Empty>Its stories could not be read. Try again in a moment.</Empty>;
  if (list.nodes.length === 0) return <Empty>It has no stories.</Empty>;
  return <>{children(list)}</>;
}
