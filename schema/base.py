"""What every wire structure shares."""

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")

# No control characters: PostgreSQL takes no NUL, and a name is one line.
ONE_LINE = r"^[^\x00-\x1f\x7f]*$"


class Wire(msgspec.Struct, frozen=True, rename="camel", kw_only=True, omit_defaults=False):
    """A body or payload: snake_case here, camelCase on the wire. Say frozen=True on subclasses; mypy does not inherit it."""


class Command(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request body; unknown fields are refused so that a typo never passes as a default."""

    idempotency_key: str | None = None


class Page(msgspec.Struct, Generic[T], frozen=True, rename="camel", omit_defaults=True):
    """A list on the wire; absent `nextCursor` means the end."""

    items: list[T]
    next_cursor: str | None = None


class LogPage(Page[T], Generic[T], frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A list as it was after event `sequence` of the log: whoever folds the later events onto it has it as it is now."""

    sequence: int
