"""Statements whose results nobody waits for, sent together: a round trip cost more than most of them do."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

Statement: TypeAlias = tuple[str, tuple[Any, ...]]

PARAMETER = re.compile(r"\$(\d+)")


def lots(statements: Sequence[Statement]) -> Iterator[list[Statement]]:
    """In their order, and in no lot the same query twice: that one may be about the same row again."""
    lot: dict[str, Statement] = {}
    for statement in statements:
        if statement[0] in lot:
            yield list(lot.values())
            lot = {}
        lot[statement[0]] = statement
    yield list(lot.values())


def together(statements: Sequence[Statement]) -> Statement:
    """All of them as one, each a part of a `with`, its parameters numbered on: they see the same moment."""
    if len(statements) == 1:
        return statements[0]
    parts: list[str] = []
    values: list[Any] = []
    for number, (query, own) in enumerate(statements):
        parts.append(f"part_{number} as ({_numbered_on(query, len(values))})")
        values.extend(own)
    return f"with {', '.join(parts)} select 1", tuple(values)


def _numbered_on(query: str, before: int) -> str:
    return PARAMETER.sub(lambda found: f"${int(found[1]) + before}", query)
