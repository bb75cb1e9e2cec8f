"""A read model as a map of facts: what the log comes to, and what the rows say, are compared by name."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.database import Transaction

Facts = dict[str, Any]


async def rows_of(tx: Transaction, table: sa.Table, session_id: UUID) -> list[sa.RowMapping]:
    found = await tx.execute(sa.select(table).where(table.c.session_id == session_id))
    return list(found.mappings())


def picked(row: sa.RowMapping, names: tuple[str, ...]) -> Facts:
    return {name: row[name] for name in names}
