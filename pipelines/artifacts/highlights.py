"""Highlights: the moments that stand out by plain signs, each with the reason in words; pure. A first version."""

import statistics
from collections.abc import Sequence

import msgspec

from pipelines.artifacts.words import content, rarity, words
from schema.recordings import Highlight, TranscriptSegment

MIN_WORDS = 4
MAX_HIGHLIGHTS = 10
# One highlight for each two minutes of speech, and at least three to choose from in a short class.
MS_PER_HIGHLIGHT = 120_000
AT_LEAST = 3
APART_MS = 10_000
TITLE_CHARS = 80
ASKING = frozenset(
    "what why how when where who which can could do does did is are would should will".split()  # noqa: SIM905
)


class Moment(msgspec.Struct, frozen=True):
    segment: TranscriptSegment
    score: float
    reason: str


def highlights(transcript: Sequence[TranscriptSegment]) -> list[Highlight]:
    """In order of time."""
    weight = rarity(segment.text for segment in transcript)
    moments = [
        moment
        for n in range(len(transcript))
        if (moment := _judge(transcript, n, weight)) is not None
    ]
    chosen = _best(moments, _limit(transcript))
    return [_highlight(moment) for moment in sorted(chosen, key=lambda m: m.segment.start_ms)]


def _limit(transcript: Sequence[TranscriptSegment]) -> int:
    spoken_ms = sum(segment.end_ms - segment.start_ms for segment in transcript)
    return min(MAX_HIGHLIGHTS, max(AT_LEAST, spoken_ms // MS_PER_HIGHLIGHT))


def _best(moments: list[Moment], limit: int) -> list[Moment]:
    chosen: list[Moment] = []
    for moment in sorted(moments, key=lambda m: (-m.score, m.segment.start_ms)):
        near = any(
            abs(moment.segment.start_ms - other.segment.start_ms) < APART_MS for other in chosen
        )
        if not near and len(chosen) < limit:
            chosen.append(moment)
    return chosen


def _judge(
    transcript: Sequence[TranscriptSegment], n: int, weight: dict[str, float]
) -> Moment | None:
    """None for a moment with no sign at all."""
    segment = transcript[n]
    spoken = words(segment.text)
    if len(spoken) < MIN_WORDS:
        return None
    signs = [
        *_question(transcript, n, spoken),
        *_new_voice(transcript, n),
        *_pace(transcript, segment),
        *_density(segment, spoken, weight),
    ]
    if not signs:
        return None
    return Moment(segment, sum(score for score, _ in signs), "; ".join(why for _, why in signs))


def _question(
    transcript: Sequence[TranscriptSegment], n: int, spoken: list[str]
) -> list[tuple[float, str]]:
    text = transcript[n].text.rstrip()
    if not text.endswith("?") and not (spoken[0] in ASKING and not text.endswith(".")):
        return []
    asker = transcript[n].participant_id
    answer = next((s for s in transcript[n + 1 :] if s.participant_id != asker), None)
    if answer is None:
        return [(2.0, "a question")]
    return [(3.0, f"a question, then {answer.speaker} speaks")]


def _new_voice(transcript: Sequence[TranscriptSegment], n: int) -> list[tuple[float, str]]:
    if n == 0 or transcript[n - 1].participant_id == transcript[n].participant_id:
        return []
    return [(1.0, f"{transcript[n].speaker} takes the floor")]


def _pace(
    transcript: Sequence[TranscriptSegment], segment: TranscriptSegment
) -> list[tuple[float, str]]:
    own = [_rate(s) for s in transcript if s.participant_id == segment.participant_id]
    usual, spread = statistics.fmean(own), statistics.pstdev(own)
    if spread == 0 or abs(_rate(segment) - usual) < 1.5 * spread:
        return []
    return [(1.0, "spoken " + ("faster" if _rate(segment) > usual else "slower") + " than usual")]


def _rate(segment: TranscriptSegment) -> float:
    """Words per second."""
    return len(words(segment.text)) * 1000 / max(1, segment.end_ms - segment.start_ms)


def _density(
    segment: TranscriptSegment, spoken: list[str], weight: dict[str, float]
) -> list[tuple[float, str]]:
    stems = content(segment.text)
    if len(stems) < MIN_WORDS or len(stems) / len(spoken) < 0.45:
        return []
    telling = statistics.fmean(weight[word] for word in stems)
    return [
        (min(2.0, telling / 2), f"rich in content: {len(stems)} of {len(spoken)} words carry it")
    ]


def _highlight(moment: Moment) -> Highlight:
    text = " ".join(moment.segment.text.split())
    title = text if len(text) <= TITLE_CHARS else text[: TITLE_CHARS - 1].rsplit(" ", 1)[0] + "…"
    return Highlight(
        start_ms=moment.segment.start_ms,
        end_ms=moment.segment.end_ms,
        title=title,
        reason=moment.reason[:1].upper() + moment.reason[1:] + ".",
    )
