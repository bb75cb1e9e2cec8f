"""How soon and how well captions say what was said; pure."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

import msgspec

from orchestrator.cli.hearing.stage import Caption

# An utterance is named by when its speech was found to begin; its first word may be timed some moments earlier.
LEAD_S = 2.0


class Spoken(msgspec.Struct, frozen=True):
    """A word and when it was said, by the wall clock."""

    text: str
    start_s: float
    end_s: float


class Latencies(msgspec.Struct, frozen=True):
    """Seconds: to an utterance's first caption, from a word's end to the screen, from an utterance's end to its final."""

    firsts: list[float]
    words: list[float]
    finals: list[float]


def plain(text: str) -> list[str]:
    """Words as they sound: case and punctuation do not count."""
    text = re.sub(r"\bmr\.", "mister", text.lower())
    return re.sub(r"[^a-z' ]", " ", text).split()


def errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Words put in, left out or taken for others."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, 1):
        diagonal, row[0] = row[0], number
        for column, other in enumerate(heard, 1):
            best = min(row[column] + 1, row[column - 1] + 1, diagonal + (word != other))
            diagonal, row[column] = row[column], best
    return row[-1]


def heard(captions: Iterable[Caption]) -> list[str]:
    """The words of the finals in the order in which they were said."""
    return [word for final in _finals(captions) for word in plain(final.text)]


def latencies(spoken: Sequence[Spoken], captions: Sequence[Caption]) -> Latencies:
    """Of one speaker; only of what was heard as it was said."""
    found = Latencies([], [], [])
    said = [Spoken(word, s.start_s, s.end_s) for s in spoken for word in plain(s.text)]
    for final in _finals(captions):
        own = _heard_as_said(said, final)
        if own:
            shown = [caption for caption in captions if caption.segment == final.segment]
            _note(found, own, shown, final)
    return found


def _heard_as_said(said: Sequence[Spoken], final: Caption) -> dict[int, Spoken]:
    """By their places in the final; of what was said then, for who says a thing twice is not heard half a minute late."""
    earliest_s = _start_ms(final.segment) / 1000 - LEAD_S
    then = [word for word in said if earliest_s <= word.start_s <= final.at_s]
    matched = _matched([word.text for word in then], plain(final.text))
    return {place: then[index] for place, index in matched.items()}


def _note(
    found: Latencies, own: dict[int, Spoken], shown: Sequence[Caption], final: Caption
) -> None:
    last = len(plain(final.text)) - 1
    if 0 in own:
        found.firsts.append(shown[0].at_s - own[0].start_s)
    if last in own:
        found.finals.append(final.at_s - own[last].end_s)
    waiting = dict(own)
    for caption in shown:
        there = _matched(plain(caption.text), plain(final.text))
        for number in [n for n in waiting if n in there]:
            found.words.append(caption.at_s - waiting.pop(number).end_s)


def rewritten(captions: Sequence[Caption]) -> int:
    """Words that were on the screen and then were not, or were others."""
    count = 0
    shown: dict[str, list[str]] = {}
    for caption in captions:
        before, now = shown.get(caption.segment, []), plain(caption.text)
        kept = next((n for n, (a, b) in enumerate(zip(before, now, strict=False)) if a != b), None)
        kept = min(len(before), len(now)) if kept is None else kept
        count += len(before) - kept
        shown[caption.segment] = now
    return count


def _finals(captions: Iterable[Caption]) -> list[Caption]:
    return sorted((c for c in captions if c.final), key=lambda c: _start_ms(c.segment))


def _start_ms(segment: str) -> int:
    """Segments are named by track and start."""
    return int(segment.rpartition("_")[2])


def _matched(said: Sequence[str], found: Sequence[str]) -> dict[int, int]:
    """Places in `found` with their places in `said`."""
    blocks = SequenceMatcher(None, said, found, autojunk=False).get_matching_blocks()
    return {block.b + n: block.a + n for block in blocks for n in range(block.size)}
