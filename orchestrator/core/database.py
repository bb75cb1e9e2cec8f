"""PostgreSQL by SQLAlchemy Core: one metadata, one transaction per request or job, commit hooks that run after it."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TIMESTAMP, UUID
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from orchestrator.settings import Secret
from schema.errors import DatabaseUnavailable

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

MEMBER_ROLE = "lectern_member"
# Both end with the transaction; one round trip.
ENTER = sa.text(
    "select set_config('role', :role, true), set_config('lectern.tenant_id', :tenant_id, true)"
)

Hook = Callable[[], Awaitable[None]]


def uuid_column(name: str, *args: Any, **kwargs: Any) -> sa.Column[Any]:
    return sa.Column(name, UUID(as_uuid=True), *args, **kwargs)


def time_column(name: str, *args: Any, **kwargs: Any) -> sa.Column[Any]:
    return sa.Column(name, TIMESTAMP(timezone=True), *args, **kwargs)


class Transaction:
    """A connection inside a transaction; `on_commit` hooks run only if and after it commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.hooks: list[Hook] = []

    async def execute(self, statement: sa.Executable, values: Any = None) -> sa.CursorResult[Any]:
        return await self.connection.execute(statement, values)

    async def scalar(self, statement: sa.Executable) -> Any:
        return await self.connection.scalar(statement)

    def on_commit(self, hook: Hook) -> None:
        self.hooks.append(hook)


class Database:
    """Raises DatabaseUnavailable when the server is away; recovers by itself (`pool_pre_ping`)."""

    def __init__(self, url: Secret, pool_size: int = 10) -> None:
        self.engine: AsyncEngine = create_async_engine(
            url.reveal(),
            pool_size=pool_size,
            max_overflow=pool_size,
            # A whole class joining at once queues for one session's row; a server that is away refuses at once.
            pool_timeout=15,
            pool_pre_ping=True,
            connect_args={"timeout": 5, "command_timeout": 30},
        )

    @asynccontextmanager
    async def transaction(self, tenant_id: uuid.UUID) -> AsyncIterator[Transaction]:
        """A member's: the database itself shows and takes only rows of this tenant (docs/adr/0012-row-level-security.md)."""
        async with self.system_transaction() as tx:
            await tx.execute(ENTER, {"role": MEMBER_ROLE, "tenant_id": str(tenant_id)})
            yield tx

    @asynccontextmanager
    async def system_transaction(self) -> AsyncIterator[Transaction]:
        """Lectern's own, across all tenants: loops, its programs, and signing in, before anybody knows whose tenant it is."""
        try:
            async with self.engine.begin() as connection:
                tx = Transaction(connection)
                yield tx
        except (
            OSError,
            TimeoutError,
            InterfaceError,
            OperationalError,
            sa.exc.TimeoutError,
        ) as error:
            raise DatabaseUnavailable("The database is away; try again shortly.") from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise DatabaseUnavailable("The database is away; try again shortly.") from error
            raise
        for hook in tx.hooks:
            await hook()

    async def close(self) -> None:
        await self.engine.dispose()
