"""A read model as a map of facts: what the log comes to, and what the rows say, are compared by name and column."""

from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.core.database import Transaction

Facts = dict[str, Any]

# In the fact's name, or held to the session by a foreign key.
PLACE = frozenset({"id", "tenant_id", "session_id"})


async def rows_of(tx: Transaction, table: sa.Table, session_id: UUID) -> list[sa.RowMapping]:
    found = await tx.execute(sa.select(table).where(table.c.session_id == session_id))
    return list(found.mappings())


def columns_of(row: sa.RowMapping, *but: str) -> Facts:
    """All that a row says, `but` what its fact is named after and what no event tells."""
    return {name: value for name, value in row.items() if name not in PLACE and name not in but}


def plain(value: Any) -> Any:
    """As a column has it: a list where it holds an array, JSON where it holds that."""
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, msgspec.Struct):
        return msgspec.json.decode(msgspec.json.encode(value))
    return value


def picked(row: sa.RowMapping, names: tuple[str, ...]) -> Facts:
    return {name: row[name] for name in names}


def differences(folded: Facts, stored: Facts) -> list[str]:
    """In words, column by column where a fact is a whole row."""
    return [
        f"{what}: the log says {said!r}, the rows say {row!r}"
        for fact in sorted(folded.keys() | stored.keys())
        for what, said, row in _compared(fact, folded.get(fact), stored.get(fact))
        if said != row
    ]


def _compared(fact: str, said: Any, row: Any) -> list[tuple[str, Any, Any]]:
    if not isinstance(said, dict) or not isinstance(row, dict):
        return [(fact, said, row)]
    return [
        (f"{fact}, {name}", said.get(name), row.get(name))
        for name in sorted(said.keys() | row.keys())
    ]
