// A small app. `tsc` checks it: the types say what may be null, and what a variable must be.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";

import type { Item } from "./schema.js";
import {
  AnythingDocument,
  type CardFragment,
  FrontPageDocument,
  ItemPageDocument,
} from "./types.js";

/** Every type of the schema has one here too, for code that is not about one query. */
export const isRecent = ({ publishedDateTime }: Pick<Item, "publishedDateTime">): boolean =>
  publishedDateTime != null && Date.parse(publishedDateTime) > Date.now() - 86_400_000;

async function ask<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: print(document), variables }),
  });
  return (await response.json()).data;
}

function headline(card: CardFragment): string {
  const when = card.publishedDateTime?.slice(0, 10) ?? "undated";
  const who = card.provider?.name ?? "unknown";
  const [picture] = card.images;
  const width: number | null | undefined = picture?.width;
  const linked: string[] = card.related.map(({ title, item }) => item?.title ?? title);
  // @ts-expect-error - an excerpt may be missing
  const excerpt: string = card.excerpt;
  return [card.title.toUpperCase(), when, who, width, excerpt, ...linked].join(" ");
}

export async function frontPage(): Promise<string[]> {
  const { items } = await ask(FrontPageDocument, {
    first: 10,
    orderBy: "HOTTEST",
    filter: { topics: ["transit"], publishedAfter: "2026-01-01T00:00:00Z", hasImage: true },
  });
  if (!items) return []; // it could not be read; `errors` says why
  const count: number | null | undefined = items.totalCount;
  const cursor: string | null | undefined = items.pageInfo.endCursor;
  const topics = items.facets?.topics?.map(({ topic, count }) => `${topic.name} ${count}`) ?? [];
  return [`${count}`, `${cursor}`, ...topics, ...items.edges.map(({ node }) => headline(node))];
}

export async function itemPage(url: string): Promise<string | undefined> {
  const { item } = await ask(ItemPageDocument, { url });
  const extra: unknown = item?.extra;
  return item ? `${headline(item)} ${item.body ?? ""} ${extra}` : undefined;
}

export async function anything(id: string): Promise<string> {
  const { node } = await ask(AnythingDocument, { id });
  switch (node?.__typename) {
    case "Item":
      return headline(node);
    case "Provider":
      return `${node.name} ${node.domain} ${node.itemCount}`;
    case "Topic":
      return [node.name, ...(node.children ?? []).map(({ slug }) => slug)].join(" ");
    default:
      return "nothing";
  }
}

export const wrong = [
  // @ts-expect-error - there is no such order
  () => ask(FrontPageDocument, { first: 1, orderBy: "LOUDEST" }),
  // @ts-expect-error - first is a number
  () => ask(FrontPageDocument, { first: "1" }),
  // @ts-expect-error - id is required
  () => ask(AnythingDocument, {}),
];
