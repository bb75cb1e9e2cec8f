"""What differs between two texts, line by line, in a time that grows with their length and not with its square; pure."""

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from schema.jobs import Change

Lines = Sequence[str]
# Lines around a difference, as everywhere where changes are shown.
AROUND = 2
# What is longer and has no line in common is told as one text for another: half a second of computing for this many lines.
MOST_LINES = 1_000


def changes(before: Lines, after: Lines) -> list[Change]:
    told = list(compared(before, after))
    near: set[int] = set()
    for n, change in enumerate(told):
        if change.op != "same":
            near.update(range(n - AROUND, n + AROUND + 1))
    return [change for n, change in enumerate(told) if n in near]


def compared(before: Lines, after: Lines) -> Iterator[Change]:
    """Every line of both, in order, compared between those that hold them together."""
    a = b = 0
    for c, d in [*_anchors(before, after), (len(before), len(after))]:
        yield from _between(before[a:c], after[b:d])
        yield from (Change(op="same", text=line) for line in before[c : c + 1])
        a, b = c + 1, d + 1


def _anchors(before: Lines, after: Lines) -> list[tuple[int, int]]:
    """Places of lines that each text has once, as many as stand in the same order in both (patience diff)."""
    old, new = _once(before), _once(after)
    ends: list[int] = []
    chains: list[tuple[tuple[int, int], int | None]] = []
    newest: list[int] = []
    for line, n in old.items():
        if (m := new.get(line)) is None:
            continue
        length = bisect_left(ends, m)
        chains.append(((n, m), newest[length - 1] if length else None))
        ends[length : length + 1] = [m]
        newest[length : length + 1] = [len(chains) - 1]
    return _followed(chains, newest[-1] if newest else None)


def _followed(
    chains: Sequence[tuple[tuple[int, int], int | None]], last: int | None
) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    while last is not None:
        place, last = chains[last]
        found.append(place)
    return found[::-1]


def _once(lines: Lines) -> dict[str, int]:
    counts = Counter(lines)
    return {line: n for n, line in enumerate(lines) if counts[line] == 1}


def _between(before: Lines, after: Lines) -> Iterator[Change]:
    if max(len(before), len(after)) > MOST_LINES:
        codes = [("replace", 0, len(before), 0, len(after))]
    else:
        codes = list(difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes())
    for tag, a, b, c, d in codes:
        if tag == "equal":
            yield from (Change(op="same", text=line) for line in before[a:b])
        else:
            yield from (Change(op="removed", text=line) for line in before[a:b])
            yield from (Change(op="added", text=line) for line in after[c:d])
