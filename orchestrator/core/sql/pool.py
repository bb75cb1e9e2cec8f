"""Connections that stay open between transactions, newest first; SQLAlchemy's own pool cost more than the statements did.

docs/adr/0019-the-speed-of-a-write.md has the figures.
"""

import asyncio
import time
from typing import TypeAlias, cast

import asyncpg
import sqlalchemy as sa
import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

# A server that ends says so to its connections; only a network that swallowed it leaves one that has to be tried.
PING_AFTER_S = 5.0

log = structlog.get_logger(__name__)

Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

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


class Line:
    """One connection twice: SQLAlchemy's, and the driver's underneath."""

    def __init__(self, connection: AsyncConnection, driver: Driver) -> None:
        self.connection = connection
        self.driver = driver
        self.resting_since_s = time.monotonic()


class Pool:
    """At most `size` at once; who comes then waits `wait_s`. `engine` has no pool of its own, and no transactions.

    `greeting` is said to the server by each new connection."""

    def __init__(
        self, engine: AsyncEngine, size: int, wait_s: float, greeting: str = "reset role"
    ) -> None:
        self._engine = engine
        self._greeting = greeting
        self._places = asyncio.Semaphore(size)
        self._wait_s = wait_s
        self._resting: list[Line] = []
        self._closed = False

    async def take(self) -> Line:
        """Give it back in every case. Raises one of AWAY."""
        if self._places.locked():
            async with asyncio.timeout(self._wait_s):
                await self._places.acquire()
        else:
            await self._places.acquire()
        try:
            return await self._rested() or await self._opened()
        except BaseException:
            self._places.release()
            raise

    async def give(self, line: Line) -> None:
        self._places.release()
        if self._closed or line.driver.is_closed():
            await _end(line)
            return
        if line.connection.in_transaction():
            # SQLAlchemy's own book-keeping; nothing is sent.
            await line.connection.rollback()
        line.resting_since_s = time.monotonic()
        self._resting.append(line)

    async def close(self) -> None:
        """What is still taken ends when it is given back."""
        self._closed = True
        while self._resting:
            await _end(self._resting.pop())

    async def _rested(self) -> Line | None:
        while self._resting:
            line = self._resting.pop()
            if await _answers(line):
                return line
            await _end(line)
        return None

    async def _opened(self) -> Line:
        connection = await self._engine.connect()
        raw = await connection.get_raw_connection()
        line = Line(connection, cast("Driver", raw.driver_connection))
        try:
            await line.driver.execute(self._greeting)
        except BaseException:
            await _end(line)
            raise
        return line


async def _answers(line: Line) -> bool:
    if line.driver.is_closed():
        return False
    if time.monotonic() - line.resting_since_s > PING_AFTER_S:
        try:
            await line.driver.execute("select 1")
        except AWAY as error:
            log.info("connection lost", error=type(error).__name__)
            return False
    return True


async def _end(line: Line) -> None:
    """Never raises: whatever is wrong with it, it is not used again."""
    try:
        if line.driver.is_closed():
            await line.connection.invalidate()
        await line.connection.close()
    except (*AWAY, asyncpg.PostgresError) as error:
        log.info("connection given up", error=type(error).__name__)
