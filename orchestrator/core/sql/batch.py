"""Statements whose results nobody waits for, sent together: a round trip cost more than most of them do."""

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

Statement: TypeAlias = tuple[str, tuple[Any, ...]]

PARAMETER = re.compile(r"\$(\d+)")


def together(statements: Sequence[Statement]) -> Statement:
    """All of them as one, each a part of a `with`, its parameters numbered on.

    They see the same moment, so that no two of them may touch the same row."""
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
