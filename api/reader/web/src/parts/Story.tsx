// An item in a list: a picture where there is one, where it is from, its headline, how it begins.
import type { HighlightField, HighlightsFragment, StoryFragment } from "../api";
import { authorPath, itemPath, providerPath, sectionPath } from "../links";
import { age, decoded, heading } from "../words";
import { Picture } from "./Picture";

/** A story in a list; in the answer to a search, with the words that were found. */
export type ListedStory = StoryFragment & { highlights?: HighlightsFragment[] | null };

interface Props {
  story: ListedStory;
  /**
   * `lead`: the page's first; `card`: picture above; `row`: picture beside; `brief`: the same, small;
   * `line`: the headline alone.
   */
  as?: "lead" | "card" | "row" | "brief" | "line";
  level?: 2 | 3;
}

export function Story({ story, as = "row", level = 3 }: Props) {
  const Heading = `h${level}` as "h2" | "h3";
  const path = itemPath(story.id);
  const found = (field: HighlightField) => story.highlights?.find((highlight) => highlight.field === field);
  const [title, excerpt, body] = [found("TITLE"), found("EXCERPT"), found("BODY")];
  const extract = excerpt ?? body;
  const hasPicture = as !== "line" && story.images.length > 0;
  return (
    <article class={`story ${as}`} lang={story.locale ?? undefined}>
      {hasPicture && (
        <a class="frame" href={path} tabIndex={-1} aria-hidden="true">
          <Picture picture={story.images[0]} eager={as === "lead"} />
        </a>
      )}
      <div class="words">
        <Kicker story={story} />
        <Heading class="headline">
          <a href={path}>{title ? <Marked highlight={title} /> : decoded(story.title)}</a>
        </Heading>
        {as !== "line" && (extract || story.summary) && (
          <p class="summary">{extract ? <Marked highlight={extract} /> : decoded(story.summary ?? "")}</p>
        )}
        <Byline story={story} isShort={as === "line" || as === "brief"} />
      </div>
    </article>
  );
}

/** A part of a text, with the words that were found marked. */
function Marked({ highlight }: { highlight: HighlightsFragment }) {
  return (
    <>
      {!highlight.startsText && "… "}
      {highlight.pieces.map(({ text, isMatch }) => (isMatch ? <mark>{decoded(text)}</mark> : decoded(text)))}
      {!highlight.endsText && " …"}
    </>
  );
}

/** The section and kind of a story, and what editors need to know of one that the public does not see. */
export function Kicker({ story }: { story: Pick<StoryFragment, "category" | "type" | "status"> }) {
  const isOrdinary = story.type === null || story.type === "article";
  const isPublic = story.status === "PUBLISHED";
  if (!story.category && isOrdinary && isPublic) return null;
  return (
    <p class="kicker">
      {!isPublic && <span class="status">{heading(story.status.toLowerCase())}</span>}
      {story.category && <a href={sectionPath(story.category)}>{heading(story.category)}</a>}
      {!isOrdinary && <span>{heading(story.type ?? "")}</span>}
    </p>
  );
}

type Source = Pick<StoryFragment, "authors" | "provider" | "byline" | "publishedDateTime" | "readingMinutes">;

/** Who wrote a story, who published it, when, and how long it takes to read. */
export function Byline({ story, isShort = false }: { story: Source; isShort?: boolean }) {
  const { provider, publishedDateTime: date, readingMinutes: minutes } = story;
  return (
    <p class="byline">
      {!isShort && story.authors?.map(({ name, slug }) => (
        <span key={slug}>
          <a href={authorPath(slug)}>{name}</a>
        </span>
      ))}
      {provider && (
        <span>
          <a href={providerPath(provider.domain)}>{provider.name}</a>
        </span>
      )}
      {date && (
        <span>
          <time dateTime={date}>{age(date)}</time>
        </span>
      )}
      {!isShort && minutes !== null && minutes > 1 && <span>{minutes} min</span>}
    </p>
  );
}
