"""What stirred the class, out of hands, votes, chat, reactions, polls and what was heard: moments with a weight and a reason; pure."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import get_args

import msgspec

from schema.heard import SoundHeard, SoundKind
from schema.jobs import Sign

# So many within a few seconds are a burst; fewer are somebody's habit.
BURST, WINDOW_MS = 4, 20_000
HANDS = REACTIONS = 3
# A burst must also stand out from how lively this class is all the time.
ABOVE_USUAL = 3.0
# Sounds of different people that begin this closely are of one moment.
TOGETHER_MS = 4_000
# Of one person, of each further one, and of all together.
HEARD, HEARD_TOO, HEARD_MOST = 1.5, 0.5, 3.0


class Stir(msgspec.Struct, frozen=True):
    at_ms: int
    weight: float
    what: str


def stirs(
    signs: Sequence[Sign], origin_unix_ms: int, sounds: Sequence[SoundHeard] = ()
) -> list[Stir]:
    """At the first of the messages, hands, votes or sounds that belong together."""
    times: dict[str, list[int]] = {}
    for sign in signs:
        times.setdefault(sign.kind, []).append(sign.at_unix_ms - origin_unix_ms)
    hands = [Stir(at, 2.0, f"{n} hands go up") for at, n in _bursts(times.get("hand", []), HANDS)]
    chat = [Stir(at, 1.5, f"{n} messages at once") for at, n in _bursts(times.get("chat", []))]
    votes = [Stir(at, 1.0, f"{n} votes") for at, n in _bursts(times.get("vote", []))]
    polls = [Stir(at, 1.5, "a poll opens") for at in times.get("poll", [])]
    return [
        *hands,
        *chat,
        *votes,
        *polls,
        *_reactions(signs, origin_unix_ms),
        *_wanted(signs, origin_unix_ms),
        *_heard(sounds, origin_unix_ms),
    ]


def _reactions(signs: Sequence[Sign], origin_unix_ms: int) -> Iterable[Stir]:
    given = [sign for sign in signs if sign.kind == "reaction"]
    times = [sign.at_unix_ms - origin_unix_ms for sign in given]
    for at, n in _bursts(times, REACTIONS):
        first = bisect_left(times, at)
        ((emoji, _),) = Counter(sign.text for sign in given[first : first + n]).most_common(1)
        yield Stir(at, 1.5, f"{n} reactions, most often {emoji.replace('_', ' ')}")


def _heard(sounds: Sequence[SoundHeard], origin_unix_ms: int) -> Iterable[Stir]:
    """Each person counts once in a moment."""
    for kind in get_args(SoundKind):
        moment: list[SoundHeard] = []
        ordered = sorted((s for s in sounds if s.kind == kind), key=lambda s: s.start_unix_ms)
        for sound in ordered:
            if moment and sound.start_unix_ms - moment[0].start_unix_ms > TOGETHER_MS:
                yield _moment(moment, origin_unix_ms)
                moment = []
            moment.append(sound)
        if moment:
            yield _moment(moment, origin_unix_ms)


def _moment(sounds: Sequence[SoundHeard], origin_unix_ms: int) -> Stir:
    people = len({sound.participant_id for sound in sounds})
    weight = min(HEARD_MOST, HEARD + HEARD_TOO * (people - 1))
    who = f" of {people} people" if people > 1 else ""
    return Stir(sounds[0].start_unix_ms - origin_unix_ms, weight, sounds[0].kind + who)


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
