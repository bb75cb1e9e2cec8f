"""Time and identifiers as arguments, so that tests can hold them still."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def unix_ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def new_id() -> UUID:
    """UUIDv7: unique, and sorts by creation time. Never use one as a secret."""
    return uuid7()
