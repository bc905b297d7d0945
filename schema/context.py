"""What resolvers get from the request."""

from dataclasses import dataclass, field

import strawberry

from schema.execution.budget import WorkBudget
from schema.limits.guard import CheckedQuery
from schema.limits.limits import Limits
from schema.pictures import NOWHERE, Pictures
from schema.read_budget import ReadBudget
from schema.warnings import Warnings
from store.audience import Audience
from store.reading.damage import Damage
from store.reading.store import Readers, Store


@dataclass(slots=True)
class Context:
    """One request: where its data comes from, who asks for it, and its query."""

    store: Store
    audience: Audience
    pictures: Pictures = NOWHERE
    """Where the pictures in the response are found."""

    searches: bool = True
    """Whether lists can be searched."""

    checked_query: CheckedQuery | None = None
    """What the limits found out about the query: its operation and its cost."""

    warnings: Warnings = field(default_factory=Warnings, init=False, repr=False)

    work: WorkBudget | None = None
    """What its response has so far, once it is executed."""

    _readers: Readers | None = field(default=None, init=False, repr=False)
    _damage: Damage | None = field(default=None, init=False, repr=False)

    @property
    def readers(self) -> Readers:
        """The request's readers, made when the first resolver needs them. Raises Unavailable."""
        if self._readers is None:
            limits = self.checked_query.limits if self.checked_query else Limits()
            budget = ReadBudget(limits.max_read)
            self._readers = self.store.readers(self.audience, budget.add, self._damage)
        return self._readers

    def check_documents(self) -> Damage:
        """Leave damaged documents out from now on; return what then knows which they are."""
        self._damage = Damage()
        self._readers = None
        return self._damage


Info = strawberry.Info[Context, None]
