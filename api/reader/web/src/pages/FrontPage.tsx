import { FrontPageDocument, ItemsDocument, type FrontPageQuery, type StoryFragment } from "../api";
import { providerPath, topicPath } from "../links";
import { usePageQuery } from "../parts/BehindPage";
import { Feed } from "../parts/Feed";
import { NewStories } from "../parts/NewStories";
import { Picture } from "../parts/Picture";
import { Empty, Failure, Loading } from "../parts/states";
import { Story } from "../parts/Story";
import { useTitle } from "../parts/title";
import { counted } from "../words";

/** How many of the latest stories stand at the top; the others begin the list at the bottom. */
const AT_THE_TOP = 5;
const IN_A_BAND = 4;

export function FrontPage() {
  const { data, error, refresh } = usePageQuery(FrontPageDocument, {});
  useTitle("Front page");
  if (!data?.latest) return error ? <Failure error={error} /> : <Loading />;
  const { nodes, pageInfo } = data.latest;
  if (nodes.length === 0) return <Empty>There are no stories yet.</Empty>;
  const top = pictureFirst(nodes.slice(0, AT_THE_TOP));
  const unseen = makeUnseen(top);
  const hottest = data.hottest?.nodes.filter(({ heat }) => heat !== null) ?? [];
  return (
    <>
      <h1 class="hidden">Front page</h1>
      <NewStories
        known={nodes.map(({ id }) => id)}
        onShow={() => {
          refresh();
          scrollTo({ top: 0 });
        }}
      />
      <section class={hottest.length > 0 ? "top with-aside" : "top"} aria-label="Top stories">
        {top.map((story, index) => (
          <Story key={story.id} story={story} as={index === 0 ? "lead" : "brief"} level={2} />
        ))}
        {hottest.length > 0 && <Hottest stories={hottest} />}
      </section>
      {data.topics?.nodes.map((topic) => (
        <TopicBand key={topic.slug} topic={topic} stories={unseen(topic.items?.nodes ?? [])} />
      ))}
      <Publishers providers={data.providers} />
      <section class="latest" aria-labelledby="latest">
        <h2 id="latest" class="band-title">
          More stories
        </h2>
        <Feed
          first={{ nodes: nodes.slice(AT_THE_TOP), pageInfo }}
          query={ItemsDocument}
          variables={{}}
          list={(data) => data.items}
        />
      </section>
    </>
  );
}

/** Moves the first story with a picture to the front. */
function pictureFirst(stories: StoryFragment[]): StoryFragment[] {
  const lead = stories.find(({ images }) => images.length > 0) ?? stories[0];
  return lead ? [lead, ...stories.filter((story) => story !== lead)] : [];
}

/** Returns a function that leaves out the stories that stand further up, and remembers the others. */
function makeUnseen(top: StoryFragment[]) {
  const seen = new Set(top.map(({ id }) => id));
  return (stories: StoryFragment[]) => {
    const found = stories.filter(({ id }) => !seen.has(id)).slice(0, IN_A_BAND);
    for (const { id } of found) seen.add(id);
    return found;
  };
}

function Hottest({ stories }: { stories: StoryFragment[] }) {
  return (
    <aside class="hottest" aria-labelledby="hottest">
      <h2 id="hottest">What is hot</h2>
      <ol>
        {stories.map((story) => (
          <li key={story.id}>
            <Story story={story} as="line" />
          </li>
        ))}
      </ol>
    </aside>
  );
}

type Topic = NonNullable<FrontPageQuery["topics"]>["nodes"][number];

function TopicBand({ topic, stories }: { topic: Topic; stories: StoryFragment[] }) {
  const [lead, ...others] = pictureFirst(stories);
  if (!lead) return null;
  const id = `topic-${topic.slug}`;
  return (
    <section class="band" aria-labelledby={id}>
      <h2 id={id} class="band-title">
        <a href={topicPath(topic.slug)}>{topic.name}</a> <small>{counted(topic.itemCount)}</small>
      </h2>
      <div class="band-stories">
        <Story story={lead} as="card" />
        <div class="briefs">
          {others.map((story) => (
            <Story key={story.id} story={story} as="brief" />
          ))}
        </div>
      </div>
    </section>
  );
}

function Publishers({ providers }: { providers: FrontPageQuery["providers"] }) {
  const known = providers?.nodes.filter(({ itemCount }) => itemCount > 0) ?? [];
  if (known.length < 2) return null;
  return (
    <section class="band" aria-labelledby="publishers">
      <h2 id="publishers" class="band-title">
        <a href="/providers">Publishers</a>
      </h2>
      <ul class="publishers">
        {known.map(({ name, domain, itemCount, images }) => (
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
    </section>
  );
}
