"""PostgreSQL by SQLAlchemy Core: one metadata, one transaction per request or job, commit hooks that run after it."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias, cast

import asyncpg
import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import TIMESTAMP, UUID
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    InvalidatePoolError,
    OperationalError,
)
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
# With `local` both end with the transaction; all of it is one round trip.
ENTER = "{begin}; set local role {role}; set local lectern.tenant_id = '{tenant_id}'"
SNAPSHOT = "begin isolation level repeatable read, read only"
# A server that ends says so to its connections; only a network that swallowed it leaves one that has to be tried.
PING_AFTER_S = 5.0

log = structlog.get_logger(__name__)

Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Hook = Callable[[], Awaitable[None]]

# However it is said, by the driver itself or by SQLAlchemy: the server does not answer.
AWAY = (
    OSError,
    TimeoutError,
    InterfaceError,
    OperationalError,
    sa.exc.TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.CannotConnectNowError,
)


def uuid_column(name: str, *args: Any, **kwargs: Any) -> sa.Column[Any]:
    return sa.Column(name, UUID(as_uuid=True), *args, **kwargs)


def time_column(name: str, *args: Any, **kwargs: Any) -> sa.Column[Any]:
    return sa.Column(name, TIMESTAMP(timezone=True), *args, **kwargs)


class Transaction:
    """A connection inside a transaction; `on_commit` hooks run only if and after it commits."""

    def __init__(self, connection: AsyncConnection, driver: Driver) -> None:
        self.connection = connection
        self.hooks: list[Hook] = []
        self._driver = driver

    async def execute(self, statement: sa.Executable, values: Any = None) -> sa.CursorResult[Any]:
        return await self.connection.execute(statement, values)

    async def scalar(self, statement: sa.Executable, values: Any = None) -> Any:
        return await self.connection.scalar(statement, values)

    async def fetch(self, query: str, *values: Any) -> list[asyncpg.Record]:
        """Plain SQL with `$1`, `$2`, ... straight to the driver, for the hottest statements: a quarter of the cost."""
        return await self._driver.fetch(query, *values)

    def on_commit(self, hook: Hook) -> None:
        self.hooks.append(hook)


class Database:
    """Raises DatabaseUnavailable when the server is away; recovers by itself."""

    def __init__(self, url: Secret, pool_size: int = 10) -> None:
        self.engine: AsyncEngine = create_async_engine(
            url.reveal(),
            pool_size=pool_size,
            max_overflow=pool_size,
            # A whole class joining at once queues for one session's row; a server that is away refuses at once.
            pool_timeout=15,
            connect_args={"timeout": 5, "command_timeout": 30},
        )
        sa.event.listen(self.engine.sync_engine, "checkin", _rest)
        sa.event.listen(self.engine.sync_engine, "checkout", _check)
        # Transactions are begun and ended here, so that beginning one and entering a tenant are one round trip.
        self._connections = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def transaction(self, tenant_id: uuid.UUID) -> AsyncIterator[Transaction]:
        """A member's: the database itself shows and takes only rows of this tenant (docs/adr/0012-row-level-security.md)."""
        async with self._begun(_entering("begin", tenant_id)) as tx:
            yield tx

    @asynccontextmanager
    async def snapshot(self, tenant_id: uuid.UUID) -> AsyncIterator[Transaction]:
        """A member's, read only: all its statements see one and the same moment."""
        async with self._begun(_entering(SNAPSHOT, tenant_id)) as tx:
            yield tx

    @asynccontextmanager
    async def system_transaction(self) -> AsyncIterator[Transaction]:
        """Lectern's own, across all tenants: loops, its programs, and signing in, before anybody knows whose tenant it is."""
        async with self._begun("begin") as tx:
            yield tx

    @asynccontextmanager
    async def _begun(self, begin: str) -> AsyncIterator[Transaction]:
        try:
            async with self._connections.connect() as connection:
                driver = cast("Driver", (await connection.get_raw_connection()).driver_connection)
                tx = Transaction(connection, driver)
                async with _transaction(connection, driver, begin):
                    yield tx
        except AWAY as error:
            raise DatabaseUnavailable("The database is away; try again shortly.") from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise DatabaseUnavailable("The database is away; try again shortly.") from error
            raise
        for hook in tx.hooks:
            await hook()

    async def close(self) -> None:
        await self.engine.dispose()


def _entering(begin: str, tenant_id: uuid.UUID) -> str:
    return ENTER.format(begin=begin, role=MEMBER_ROLE, tenant_id=tenant_id)


@asynccontextmanager
async def _transaction(
    connection: AsyncConnection, driver: Driver, begin: str
) -> AsyncIterator[None]:
    try:
        await driver.execute(begin)
        yield
        await _commit(driver)
    except BaseException:
        await asyncio.shield(_roll_back(connection, driver))
        raise


async def _commit(driver: Driver) -> None:
    """Raises InFailedSQLTransactionError when a statement had failed: the server would only say ROLLBACK."""
    if await driver.execute("commit") != "COMMIT":
        raise asyncpg.InFailedSQLTransactionError("a statement failed, and nobody minded")


async def _roll_back(connection: AsyncConnection, driver: Driver) -> None:
    """Leaves a connection that the next one can use, or none."""
    try:
        await driver.execute("rollback")
    except (*AWAY, asyncpg.PostgresError) as error:
        log.info("connection given up", error=type(error).__name__)
        await connection.invalidate()


def _rest(_: Any, record: Any) -> None:
    record.info["resting_since"] = time.monotonic()


def _check(pooled: Any, record: Any, _: Any) -> None:
    """Raises InvalidatePoolError for a connection that is lost: the pool then makes new ones."""
    rested_s = time.monotonic() - record.info.get("resting_since", time.monotonic())
    if rested_s > PING_AFTER_S:
        try:
            pooled.ping()
        except DBAPIError as error:
            raise InvalidatePoolError from error
    elif pooled.driver_connection.is_closed():
        raise InvalidatePoolError
