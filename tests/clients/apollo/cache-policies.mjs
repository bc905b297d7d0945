import { relayStylePagination } from "@apollo/client/utilities";

const list = relayStylePagination(["orderBy", "filter"]);

export const cachePolicies = {
  possibleTypes: { Node: ["Item", "Provider", "Topic"] },
  typePolicies: {
    Query: { fields: { items: list, providers: list, topics: list } },
    Provider: { fields: { items: list } },
    Topic: { fields: { items: list } },
    Item: { fields: { relatedBy: list } },
  },
};
