"""Live captions bettered by the careful pass; pure. What a person wrote always wins.

A live cue keeps its id and its place, and takes the words that the careful pass heard in it, so that a correction by id goes
on meaning the same sentence. Words that no cue covers become cues of their own; one of those that somebody corrected is in
the log like a live one, but it came out of such a pass and takes nothing from its neighbours.
"""

import hashlib
from collections.abc import Iterable, Sequence
from uuid import UUID

from msgspec.structs import replace

from schema.events import CaptionFinalized, Word
from schema.heard import Utterance

# Word times of two passes differ by about a tenth of a second; more is another sentence.
SLACK_MS = 600
# A careful pass that heard less than half of the live words has more likely missed them than unheard them.
LEAST_SHARE = 0.5
# A new cue ends at the end of a sentence, at a pause, or when it has become long to read.
CUE_PAUSE_MS, CUE_MS = 1_000, 12_000
SENTENCE_END = (".", "?", "!")


def bettered(
    captions: Sequence[CaptionFinalized],
    corrected: frozenset[str],
    careful: Iterable[Utterance],
) -> list[CaptionFinalized]:
    """In no order; each speaker for itself, so that people who spoke at once keep their overlap."""
    heard: dict[UUID, list[Utterance]] = {}
    for utterance in careful:
        heard.setdefault(utterance.participant_id, []).append(utterance)
    found: list[CaptionFinalized] = []
    for person in {c.participant_id for c in captions} | set(heard):
        own = [c for c in captions if c.participant_id == person]
        found += _one(own, corrected, heard.get(person, []))
    return found


def _one(
    cues: list[CaptionFinalized], corrected: frozenset[str], heard: list[Utterance]
) -> list[CaptionFinalized]:
    """One speaker's."""
    taken: dict[str, list[Word]] = {cue.segment_id: [] for cue in cues}
    new: list[CaptionFinalized] = []
    for utterance in heard:
        free: list[Word] = []
        for word in utterance.words:
            cue = _nearest(cues, word)
            (free if cue is None else taken[cue.segment_id]).append(word)
        new += [
            c for words in _parted(free) if (c := _cue(utterance, words)).segment_id not in taken
        ]
    return [_better(cue, taken[cue.segment_id], cue.segment_id in corrected) for cue in cues] + new


def _nearest(cues: Sequence[CaptionFinalized], word: Word) -> CaptionFinalized | None:
    at = (word.start_unix_ms + word.end_unix_ms) // 2
    near = (cue for cue in cues if _distance_ms(cue, at) <= _slack_ms(cue))
    return min(near, key=lambda cue: _distance_ms(cue, at), default=None)


def _slack_ms(cue: CaptionFinalized) -> int:
    return SLACK_MS if cue.track_sid else 0


def _distance_ms(cue: CaptionFinalized, at_ms: int) -> int:
    return max(0, cue.start_unix_ms - at_ms, at_ms - cue.end_unix_ms)


def _better(cue: CaptionFinalized, words: list[Word], by_person: bool) -> CaptionFinalized:
    enough = len(words) >= LEAST_SHARE * len(cue.text.split())
    if by_person or not words or not enough:
        return cue
    return replace(
        cue,
        text=" ".join(word.text for word in words),
        words=words,
        start_unix_ms=min(cue.start_unix_ms, words[0].start_unix_ms),
        end_unix_ms=max(words[-1].end_unix_ms, words[0].start_unix_ms + 1),
    )


def _parted(words: list[Word]) -> list[list[Word]]:
    parts: list[list[Word]] = []
    for word in words:
        if parts and not _ends(parts[-1], word):
            parts[-1].append(word)
        else:
            parts.append([word])
    return parts


def _ends(part: list[Word], following: Word) -> bool:
    pause = following.start_unix_ms - part[-1].end_unix_ms > CUE_PAUSE_MS
    long = following.end_unix_ms - part[0].start_unix_ms > CUE_MS
    return pause or long or part[-1].text.endswith(SENTENCE_END)


def _cue(utterance: Utterance, words: list[Word]) -> CaptionFinalized:
    start_ms = words[0].start_unix_ms
    name = f"{utterance.recording_id}:{start_ms}".encode()
    return CaptionFinalized(
        segment_id=f"SG_{hashlib.sha256(name).hexdigest()[:16]}",
        participant_id=utterance.participant_id,
        track_sid="",
        start_unix_ms=start_ms,
        end_unix_ms=max(start_ms + 1, words[-1].end_unix_ms),
        text=" ".join(word.text for word in words),
        language=utterance.language,
        words=words,
    )
