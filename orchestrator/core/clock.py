"""Time and identifiers as arguments, so that tests can hold them still; and what is done from time to time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Never
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from schema.errors import DomainError

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def unix_ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def new_id() -> UUID:
    """UUIDv7: unique, and sorts by creation time. Never use one as a secret."""
    return uuid7()


async def wait_at_most(seconds: float | None, event: asyncio.Event) -> bool:
    """Whether it was set in this time."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


async def every(seconds: float, work: Callable[[], Awaitable[object]], trouble: str) -> Never:
    """Until cancelled; a DomainError is logged as `trouble`, and the work done again at its next time."""
    while True:
        try:
            await work()
        except DomainError as error:
            log.warning(trouble, code=error.code)
        await asyncio.sleep(seconds)
