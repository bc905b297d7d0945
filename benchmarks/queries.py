"""The queries of the serving benchmark: those of a news app."""

import json
from dataclasses import dataclass, field

from benchmarks.documents import domain_of, url_of
from store.ids import item_id

_FRONT_PAGE = """
query FrontPage($first: Int!) {
  items(first: $first) {
    nodes {
      id title excerpt webUrl publishedDateTime type heat
      provider { id name domain }
      images { url width height }
      related {
        title webUrl publishedDateTime
        provider { id name domain }
        images { url width height }
        item { id title webUrl }
      }
    }
    pageInfo { hasNextPage }
  }
}
"""
_ITEM_PAGE = """
query ItemPage($id: ID!) {
  item(id: $id) {
    id title excerpt body category type webUrl publishedDateTime quality heat
    provider { id name domain items(first: 5) { nodes { id title webUrl publishedDateTime } } }
    images { url width height }
    related {
      title webUrl publishedDateTime
      provider { id name domain }
      images { url width height }
      item { id title webUrl }
    }
  }
}
"""
_PROVIDERS = """
query Providers($first: Int!) {
  providers(first: $first) {
    nodes {
      id name domain
      items(first: 3) {
        nodes { id title webUrl related { title item { id title publishedDateTime } } }
      }
    }
  }
}
"""
_PROVIDER_PAGE = """
query ProviderPage($domain: String!) {
  provider(domain: $domain) {
    name domain itemCount
    items(first: 20) { nodes { id title excerpt webUrl publishedDateTime } }
  }
}
"""
_IDS = "query Ids($first: Int!) { items(first: $first) { nodes { id } } }"


@dataclass(frozen=True)
class Query:
    """A query and its request over HTTP."""

    name: str
    operation: str
    text: str
    variables: dict[str, object]
    headers: dict[str, str] = field(
        default_factory=lambda: {"content-type": "application/json", "accept": "application/json"}
    )

    @property
    def body(self) -> str:
        """The request's body, in JSON."""
        return json.dumps(
            {
                "query": " ".join(self.text.split()),
                "operationName": self.operation,
                "variables": self.variables,
            }
        )


QUERIES = {
    query.name: query
    for query in (
        Query("front page of 20", "FrontPage", _FRONT_PAGE, {"first": 20}),
        Query("front page of 100", "FrontPage", _FRONT_PAGE, {"first": 100}),
        Query("item page", "ItemPage", _ITEM_PAGE, {"id": item_id(url_of(7))}),
        Query("providers, their items, related", "Providers", _PROVIDERS, {"first": 20}),
        Query("ids only", "Ids", _IDS, {"first": 100}),
    )
}

# Not one of those above, as the peers do not have it.
PROVIDER_PAGE = Query("provider page", "ProviderPage", _PROVIDER_PAGE, {"domain": domain_of(7)})
