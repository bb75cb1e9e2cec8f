"""Pages of what a log made, by the sequence of its events: from the beginning on, or from the end back."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import msgspec
import sqlalchemy as sa

from orchestrator.core.database import Transaction


class Placed(Protocol):
    @property
    def sequence(self) -> int: ...


T = TypeVar("T", bound=Placed)


class Span(msgspec.Struct, frozen=True):
    """The first `limit` items after `after`, or with `before` the last ones before that."""

    limit: int
    after: int = 0
    before: int | None = None

    async def rows(
        self, tx: Transaction, wanted: sa.Select[Any], sequence: sa.Column[int]
    ) -> list[sa.RowMapping]:
        """Oldest first."""
        wanted = wanted.where(sequence > self.after).limit(self.limit)
        if self.before is None:
            return list((await tx.execute(wanted.order_by(sequence))).mappings())
        wanted = wanted.where(sequence < self.before).order_by(sequence.desc())
        return list((await tx.execute(wanted)).mappings())[::-1]

    def cursor(self, items: Sequence[T]) -> str | None:
        """The next `after`, or the next `before`; None at the end."""
        if len(items) < self.limit:
            return None
        return str(items[-1 if self.before is None else 0].sequence)
