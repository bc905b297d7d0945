import { relayStylePagination } from "@apollo/client/utilities";

const list = relayStylePagination(["orderBy", "filter", "roots"]);

export const cachePolicies = {
  possibleTypes: { Node: ["Item", "Provider", "Topic", "Author"] },
  typePolicies: {
    Query: { fields: { items: list, providers: list, topics: list, authors: list } },
    Provider: { fields: { items: list } },
    Topic: { fields: { items: list } },
    Author: { fields: { items: list } },
    Item: { fields: { relatedBy: list } },
  },
};
