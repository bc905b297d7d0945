import type { ComponentChildren } from "preact";
import { useRoute } from "preact-iso/router";

import { ItemPageDocument, type ItemPageQuery, type StoryFragment } from "../api";
import { authorPath, itemId, providerPath, tagPath, topicPath } from "../links";
import { usePageQuery } from "../parts/BehindPage";
import { Picture } from "../parts/Picture";
import { Failure, Loading } from "../parts/states";
import { Kicker, Story } from "../parts/Story";
import { useTitle } from "../parts/title";
import { decoded, longDate } from "../words";
import { NotFound } from "./NotFound";

type Item = NonNullable<ItemPageQuery["item"]>;

export function ItemPage() {
  const { name = "" } = useRoute().params;
  const { data, error } = usePageQuery(ItemPageDocument, { id: itemId(name) });
  useTitle(data?.item ? decoded(data.item.title) : undefined);
  if (!data) return error ? <Failure error={error} /> : <Loading />;
  if (!data.item) return error ? <Failure error={error} /> : <NotFound />;
  return <ItemView key={data.item.id} item={data.item} />;
}

function ItemView({ item }: { item: Item }) {
  const [picture, ...others] = item.pictures;
  return (
    <div class="item-page">
      <article lang={item.locale ?? undefined}>
        <header class="item-head">
          <Kicker story={item} />
          <h1>{decoded(item.title)}</h1>
          {item.summary && item.bodyHtml && <p class="standfirst">{decoded(item.summary)}</p>}
          <Credits item={item} />
        </header>
        {picture && <Figure picture={picture} eager />}
        {item.bodyHtml ? (
          // The server has sanitized it: no scripts, styles or frames (bodies/safety.py).
          <div class="body" dangerouslySetInnerHTML={{ __html: item.bodyHtml }} />
        ) : (
          <div class="body">
            <p>{decoded(item.summary ?? "")}</p>
          </div>
        )}
        {others.map((picture) => (
          <Figure key={picture.url} picture={picture} />
        ))}
        <Labels item={item} />
        {item.webUrl && (
          <p class="original">
            <a class="button" href={item.webUrl} rel="noopener">
              Read it at {item.provider?.name ?? new URL(item.webUrl).hostname}
            </a>
          </p>
        )}
      </article>
      <Surroundings item={item} />
    </div>
  );
}

function Credits({ item }: { item: Item }) {
  const { provider, publishedDateTime: published, updatedDateTime: updated } = item;
  const authors = item.authors ?? [];
  return (
    <div class="credits">
      {provider?.images[0] && <Picture picture={provider.images[0]} />}
      <p>
        {authors.length > 0 && (
          <span class="writers">
            By{" "}
            {authors.map(({ name, slug }, index) => (
              <span key={slug}>
                {index > 0 && (index === authors.length - 1 ? " and " : ", ")}
                <a href={authorPath(slug)}>{name}</a>
              </span>
            ))}
          </span>
        )}
        {provider && <a href={providerPath(provider.domain)}>{item.byline ?? provider.name}</a>}
        <span class="dates">
          {published && <time dateTime={published}>{longDate(published)}</time>}
          {updated && updated.slice(0, 10) !== published?.slice(0, 10) && <> · updated {longDate(updated)}</>}
          {item.readingMinutes !== null && item.readingMinutes > 0 && <> · {item.readingMinutes} min</>}
        </span>
      </p>
    </div>
  );
}

function Figure({ picture, eager = false }: { picture: Item["pictures"][number]; eager?: boolean }) {
  const { title, attribution } = picture;
  return (
    <figure>
      <Picture picture={picture} eager={eager} decorative={false} />
      {(title || attribution) && (
        <figcaption>
          {title} {attribution && <cite>{attribution}</cite>}
        </figcaption>
      )}
    </figure>
  );
}

function Labels({ item }: { item: Item }) {
  const topics = item.topics ?? [];
  if (topics.length + item.tags.length === 0) return null;
  return (
    <ul class="labels" aria-label="Topics and tags">
      {topics.map(({ name, slug }) => (
        <li key={slug}>
          <a href={topicPath(slug)}>{name}</a>
        </li>
      ))}
      {item.tags.map((tag) => (
        <li key={tag} class="tag">
          <a href={tagPath(tag)}>{tag}</a>
        </li>
      ))}
    </ul>
  );
}

/** What the graph knows around an item: related entries, mentions, and more of the same. */
function Surroundings({ item }: { item: Item }) {
  // A story that stands in one list is not repeated in those below it.
  const shown = new Set([item.id, ...item.related.flatMap(({ item }) => (item ? [item.id] : []))]);
  const fresh = (stories: StoryFragment[] | undefined, most = 4) => {
    const found = (stories ?? []).filter(({ id }) => !shown.has(id)).slice(0, most);
    for (const { id } of found) shown.add(id);
    return found;
  };
  const author = item.authors?.[0];
  const topic = item.topics?.[0];
  return (
    <aside class="surroundings" aria-label="Around this story">
      <Related entries={item.related} />
      <Lines title="Mentioned by" stories={fresh(item.relatedBy?.nodes, 6)} />
      {topic && (
        <Lines title={<>More on <a href={topicPath(topic.slug)}>{topic.name}</a></>} stories={fresh(topic.items?.nodes)} />
      )}
      {author && (
        <Lines title={<>More by <a href={authorPath(author.slug)}>{author.name}</a></>} stories={fresh(author.items?.nodes)} />
      )}
      {item.provider && (
        <Lines
          title={<>More from <a href={providerPath(item.provider.domain)}>{item.provider.name}</a></>}
          stories={fresh(item.provider.items?.nodes)}
        />
      )}
    </aside>
  );
}

function Lines({ title, stories }: { title: ComponentChildren; stories: StoryFragment[] }) {
  if (stories.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      {stories.map((story) => (
        <Story key={story.id} story={story} as="line" />
      ))}
    </section>
  );
}

function Related({ entries }: { entries: Item["related"] }) {
  if (entries.length === 0) return null;
  return (
    <section>
      <h2>Related</h2>
      {entries.map((entry, index) =>
        entry.item ? (
          <Story key={index} story={entry.item} as="row" />
        ) : (
          <article key={index} class="story row outside">
            {entry.images.length > 0 && (
              <span class="frame">
                <Picture picture={entry.images[0]} />
              </span>
            )}
            <div class="words">
              <h3 class="headline">
                {entry.webUrl ? (
                  <a href={entry.webUrl} rel="noopener">
                    {decoded(entry.title)} <span class="outward" aria-label="(on another site)">↗</span>
                  </a>
                ) : (
                  decoded(entry.title)
                )}
              </h3>
              <p class="byline">
                {(entry.byline ?? entry.provider?.name) && <span>{entry.byline ?? entry.provider?.name}</span>}
                {entry.publishedDateTime && <span>{longDate(entry.publishedDateTime)}</span>}
              </p>
            </div>
          </article>
        ),
      )}
    </section>
  );
}
