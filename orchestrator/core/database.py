"""PostgreSQL by SQLAlchemy Core: one metadata, one transaction per request or job, commit hooks that run after it."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import asyncpg
import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import TIMESTAMP, UUID
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from orchestrator.core.sql.batch import Statement, lots, together
from orchestrator.core.sql.pool import AWAY, Driver, Line, Pool
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
# Members have connections of their own: taking the role anew for each transaction was a fifth of what an append cost the server.
WALLED = f"set role {MEMBER_ROLE}"
# With `local` it ends with the transaction; both are one round trip.
ENTER = "{begin}; set local lectern.tenant_id = '{tenant_id}'"
SNAPSHOT = "begin isolation level repeatable read, read only"
# A whole class joining at once queues for one session's row; a server that is away refuses at once.
WAIT_S = 15.0
MOST_FACTS = 10_000

log = structlog.get_logger(__name__)

Hook = Callable[[], Awaitable[None]]


def uuid_column(name: str, *args: Any, **kwargs: Any) -> sa.Column[Any]:
    return sa.Column(name, UUID(as_uuid=True), *args, **kwargs)


def time_column(name: str, *args: Any, **kwargs: Any) -> sa.Column[Any]:
    return sa.Column(name, TIMESTAMP(timezone=True), *args, **kwargs)


class Facts(dict[uuid.UUID, Any]):
    """As many as a few busy days need; then all of them are read again."""

    def __setitem__(self, key: uuid.UUID, value: Any) -> None:
        if len(self) >= MOST_FACTS:
            self.clear()
        super().__setitem__(key, value)


class Transaction:
    """A connection inside a transaction; `on_commit` hooks run only if and after it commits.

    `endings` is what it keeps from others of this process: given back when it has ended, or was committed and known. `facts`
    outlive it: what this process has read of rows, by their ids, that nobody ever changes."""

    def __init__(self, line: Line, endings: ExitStack, facts: dict[uuid.UUID, Any]) -> None:
        self.connection = line.connection
        self.hooks: list[Hook] = []
        self.endings = endings
        self.facts = facts
        self.in_turn = False
        # Sessions whose log this transaction has locked: their last sequence, and the state after it.
        self.held: dict[uuid.UUID, tuple[int, Any]] = {}
        self._driver = line.driver
        self._waiting: list[Statement] = []

    async def execute(self, statement: sa.Executable, values: Any = None) -> sa.CursorResult[Any]:
        await self.flush()
        return await self.connection.execute(statement, values)

    async def scalar(self, statement: sa.Executable, values: Any = None) -> Any:
        await self.flush()
        return await self.connection.scalar(statement, values)

    async def fetch(self, query: str, *values: Any) -> list[asyncpg.Record]:
        """Plain SQL with `$1`, `$2`, ... straight to the driver, for the hottest statements: a quarter of the cost."""
        await self.flush()
        return await self._driver.fetch(query, *values)

    def later(self, query: str, *values: Any) -> None:
        """As `fetch` where nobody waits for the result: sent with its like before whatever else is asked, or the commit, which
        then raise what it raises. No two different queries that wait may touch the same row."""
        self._waiting.append((query, values))

    async def flush(self) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            for lot in lots(waiting):
                query, values = together(lot)
                await self._driver.fetch(query, *values)

    def on_commit(self, hook: Hook) -> None:
        self.hooks.append(hook)


class Database:
    """Raises DatabaseUnavailable when the server is away; recovers by itself."""

    def __init__(self, url: Secret, pool_size: int = 20) -> None:
        engine = create_async_engine(
            url.reveal(),
            poolclass=NullPool,
            connect_args={"timeout": 5, "command_timeout": 30},
        )
        # Transactions are begun and ended here, so that beginning one and entering a tenant are one round trip.
        self.engine: AsyncEngine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._facts = Facts()
        self._open = Pool(self.engine, pool_size, WAIT_S)
        self._walled = Pool(self.engine, pool_size, WAIT_S, greeting=WALLED)

    @asynccontextmanager
    async def transaction(self, tenant_id: uuid.UUID) -> AsyncIterator[Transaction]:
        """A member's: the database itself shows and takes only rows of this tenant (docs/adr/0012-row-level-security.md)."""
        async with self._begun(self._walled, _entering("begin", tenant_id)) as tx:
            yield tx

    @asynccontextmanager
    async def snapshot(self, tenant_id: uuid.UUID) -> AsyncIterator[Transaction]:
        """A member's, read only: all its statements see one and the same moment."""
        async with self._begun(self._walled, _entering(SNAPSHOT, tenant_id)) as tx:
            yield tx

    @asynccontextmanager
    async def system_transaction(self) -> AsyncIterator[Transaction]:
        """Lectern's own, across all tenants: loops, its programs, and signing in, before anybody knows whose tenant it is."""
        async with self._begun(self._open, "begin") as tx:
            yield tx

    async def system_fetch(self, query: str, *values: Any) -> list[asyncpg.Record]:
        """One statement as a transaction of its own, across all tenants as `system_transaction`."""
        async with _line(self._open) as line:
            return await line.driver.fetch(query, *values)

    async def close(self) -> None:
        await self._open.close()
        await self._walled.close()

    @asynccontextmanager
    async def _begun(self, pool: Pool, begin: str) -> AsyncIterator[Transaction]:
        with ExitStack() as endings:
            async with _line(pool) as line:
                tx = Transaction(line, endings, self._facts)
                try:
                    await line.driver.execute(begin)
                    yield tx
                    await tx.flush()
                    await _commit(line.driver)
                except BaseException:
                    await asyncio.shield(_roll_back(line))
                    raise
            for hook in tx.hooks:
                await hook()


@asynccontextmanager
async def _line(pool: Pool) -> AsyncIterator[Line]:
    try:
        line = await pool.take()
        try:
            yield line
        finally:
            await pool.give(line)
    except AWAY as error:
        raise DatabaseUnavailable("The database is away; try again shortly.") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailable("The database is away; try again shortly.") from error
        raise


def _entering(begin: str, tenant_id: uuid.UUID) -> str:
    return ENTER.format(begin=begin, tenant_id=tenant_id)


async def _commit(driver: Driver) -> None:
    """Raises InFailedSQLTransactionError when a statement had failed: the server would only say ROLLBACK."""
    if await driver.execute("commit") != "COMMIT":
        raise asyncpg.InFailedSQLTransactionError("a statement failed, and nobody minded")


async def _roll_back(line: Line) -> None:
    """Leaves a connection that the next one can use, or a closed one."""
    try:
        await line.driver.execute("rollback")
    except (*AWAY, asyncpg.PostgresError) as error:
        log.info("not rolled back", error=type(error).__name__)
        line.driver.terminate()
