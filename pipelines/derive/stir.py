"""What stirred the class, out of hands, votes, chat and polls: moments with a weight and a reason; pure."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from schema.jobs import Sign

# So many within a few seconds are a burst; fewer are somebody's habit.
BURST, WINDOW_MS = 4, 20_000
HANDS = 3
# A burst must also stand out from how lively this class is all the time.
ABOVE_USUAL = 3.0


class Stir(msgspec.Struct, frozen=True):
    at_ms: int
    weight: float
    what: str


def stirs(signs: Sequence[Sign], origin_unix_ms: int) -> list[Stir]:
    """At the first of the messages, hands or votes that belong together."""
    times: dict[str, list[int]] = {}
    for sign in signs:
        times.setdefault(sign.kind, []).append(sign.at_unix_ms - origin_unix_ms)
    hands = [Stir(at, 2.0, f"{n} hands go up") for at, n in _bursts(times.get("hand", []), HANDS)]
    chat = [Stir(at, 1.5, f"{n} messages at once") for at, n in _bursts(times.get("chat", []))]
    votes = [Stir(at, 1.0, f"{n} votes") for at, n in _bursts(times.get("vote", []))]
    polls = [Stir(at, 1.5, "a poll opens") for at in times.get("poll", [])]
    return [*hands, *chat, *votes, *polls, *_wanted(signs, origin_unix_ms)]


def _bursts(times: list[int], least: int = BURST) -> Iterable[tuple[int, int]]:
    """Start and size of each, none overlapping."""
    span_ms = (times[-1] - times[0]) if times else 0
    usual = len(times) * WINDOW_MS / span_ms if span_ms > 10 * WINDOW_MS else 0
    n = 0
    while n < len(times):
        size = bisect_left(times, times[n] + WINDOW_MS) - n
        if size >= max(least, ABOVE_USUAL * usual):
            yield times[n], size
            n += size
        else:
            n += 1


def _wanted(signs: Iterable[Sign], origin_unix_ms: int) -> list[Stir]:
    """Questions that others voted for."""
    votes = Counter(sign.id for sign in signs if sign.kind == "upvote")
    return [
        Stir(
            sign.at_unix_ms - origin_unix_ms,
            min(3.0, 1.0 + votes[sign.id] / 2),
            f"a question with {votes[sign.id]} votes",
        )
        for sign in signs
        if sign.kind == "question" and votes[sign.id] > 1
    ]
