"""Highlights: the moments that stand out, by what was said and by what the class did then; each with its reasons in words."""

import statistics
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from pipelines.derive.stir import Stir, stirs
from pipelines.kind import Made, Recipe, Task, as_json
from pipelines.text import reading
from pipelines.text.words import content, is_question, rarity, words
from schema.heard import SoundsHeard
from schema.recordings import Highlight, TranscriptSegment

MIN_WORDS = 4
MAX_HIGHLIGHTS = 10
# One highlight for each two minutes of speech, and at least three to choose from in a short class.
MS_PER_HIGHLIGHT = 120_000
AT_LEAST = 3
APART_MS = 10_000
TITLE_CHARS = 80
# People react to what they have just heard.
REACTION_MS = 15_000
RECIPE = Recipe(
    "weights of what was said and of what the class did then",
    parameters={"msPerHighlight": MS_PER_HIGHLIGHT, "reactionMs": REACTION_MS},
)

Sign = tuple[float, str]


class Moment(msgspec.Struct, frozen=True):
    segment: TranscriptSegment
    score: float
    reason: str


def make(task: Task) -> Made:
    source = task.source
    heard = reading.sounds(task)
    stirred = stirs(source.signs, source.origin_unix_ms, heard.sounds if heard else ())
    return as_json(highlights(reading.transcript(task), stirred), _recipe(heard))


def _recipe(heard: SoundsHeard | None) -> Recipe:
    return replace(RECIPE, model=heard.model) if heard and heard.model else RECIPE


def highlights(
    transcript: Sequence[TranscriptSegment], stirred: Sequence[Stir] = ()
) -> list[Highlight]:
    """In order of time."""
    judge = Judge(transcript, stirred)
    moments = [moment for n in range(len(transcript)) if (moment := judge.moment(n)) is not None]
    chosen = _best(moments, _limit(transcript))
    return [_highlight(moment) for moment in sorted(chosen, key=lambda m: m.segment.start_ms)]


class Judge:
    """Counts once what each segment is compared with."""

    def __init__(self, transcript: Sequence[TranscriptSegment], stirred: Sequence[Stir]) -> None:
        self._transcript = transcript
        self._stirred = sorted(stirred, key=lambda stir: stir.at_ms)
        self._stir_times = [stir.at_ms for stir in self._stirred]
        self._weight = rarity(segment.text for segment in transcript)
        rates: dict[str, list[float]] = {}
        for segment in transcript:
            rates.setdefault(str(segment.participant_id), []).append(_rate(segment))
        self._usual = {
            who: (statistics.fmean(own), statistics.pstdev(own)) for who, own in rates.items()
        }
        asked = [_gist(s.text) for s in transcript if is_question(s.text)]
        self._asked = Counter(gist for gist in asked if gist)

    def moment(self, n: int) -> Moment | None:
        """None for a moment with no sign at all."""
        segment = self._transcript[n]
        spoken = words(segment.text)
        if len(spoken) < MIN_WORDS:
            return None
        signs = [
            *self._question(n),
            *self._new_voice(n),
            *self._pace(segment),
            *self._density(segment, spoken),
            *self._stir(segment),
        ]
        if not signs:
            return None
        reason = "; ".join(why for _, why in signs)
        return Moment(segment, sum(score for score, _ in signs), reason)

    def _question(self, n: int) -> list[Sign]:
        segment = self._transcript[n]
        if not is_question(segment.text):
            return []
        if self._asked[_gist(segment.text)] > 1:
            return [(3.5, "a question asked more than once")]
        asker = segment.participant_id
        following = self._transcript[n + 1 :]
        answer = next((s for s in following if s.participant_id != asker), None)
        if answer is None:
            return [(2.0, "a question")]
        return [(3.0, f"a question, then {answer.speaker} speaks")]

    def _new_voice(self, n: int) -> list[Sign]:
        here = self._transcript[n]
        if n == 0 or self._transcript[n - 1].participant_id == here.participant_id:
            return []
        return [(1.0, f"{here.speaker} takes the floor")]

    def _pace(self, segment: TranscriptSegment) -> list[Sign]:
        usual, spread = self._usual[str(segment.participant_id)]
        if spread == 0 or abs(_rate(segment) - usual) < 1.5 * spread:
            return []
        return [
            (1.0, "spoken " + ("faster" if _rate(segment) > usual else "slower") + " than usual")
        ]

    def _density(self, segment: TranscriptSegment, spoken: list[str]) -> list[Sign]:
        stems = content(segment.text)
        if len(stems) < MIN_WORDS or len(stems) / len(spoken) < 0.45:
            return []
        telling = statistics.fmean(self._weight[word] for word in stems)
        why = f"rich in content: {len(stems)} of {len(spoken)} words carry it"
        return [(min(2.0, telling / 2), why)]

    def _stir(self, segment: TranscriptSegment) -> list[Sign]:
        """What the class did while this was said or just after."""
        first = bisect_left(self._stir_times, segment.start_ms)
        last = bisect_left(self._stir_times, segment.end_ms + REACTION_MS)
        return [(stir.weight, stir.what) for stir in self._stirred[first:last]]


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


def _rate(segment: TranscriptSegment) -> float:
    """Words per second."""
    return len(words(segment.text)) * 1000 / max(1, segment.end_ms - segment.start_ms)


def _gist(question: str) -> frozenset[str]:
    """What a question is about, however it is put."""
    return frozenset(content(question))


def _highlight(moment: Moment) -> Highlight:
    text = " ".join(moment.segment.text.split())
    title = text if len(text) <= TITLE_CHARS else text[: TITLE_CHARS - 1].rsplit(" ", 1)[0] + "…"
    return Highlight(
        start_ms=moment.segment.start_ms,
        end_ms=moment.segment.end_ms,
        title=title,
        reason=moment.reason[:1].upper() + moment.reason[1:] + ".",
    )
