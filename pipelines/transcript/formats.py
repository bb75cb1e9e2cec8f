"""Captions on the programme's clock, as segments, WebVTT, SRT and plain text; pure."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from schema.events import CaptionFinalized, Word
from schema.jobs import ArtifactInput
from schema.recordings import TranscriptSegment, TranscriptWord

UNKNOWN_SPEAKER = "Unknown speaker"
# After a longer silence a reader expects a new paragraph with its own time.
PARAGRAPH_PAUSE_MS = 10_000


def segments(source: ArtifactInput) -> list[TranscriptSegment]:
    """In order of time; people who spoke at once keep their overlapping segments."""
    told = [caption for caption in source.captions if caption.text.strip()]
    ordered = sorted(told, key=lambda c: (c.start_unix_ms, c.end_unix_ms, c.segment_id))
    return [_segment(source, caption) for caption in ordered]


def webvtt(transcript: Iterable[TranscriptSegment]) -> str:
    """https://www.w3.org/TR/webvtt1/: the speaker as a voice span, cue ids are segment ids."""
    cues = [
        f"{one_line(segment.id)}\n"
        f"{_time(segment.start_ms, '.')} --> {_time(segment.end_ms, '.')}\n"
        f"<v {_escape(segment.speaker)}>{_escape(segment.text)}</v>\n"
        for segment in transcript
    ]
    return "\n".join(["WEBVTT\n", *cues])


def srt(transcript: Iterable[TranscriptSegment]) -> str:
    """SubRip has no escape for its arrow, so that an arrow in the text becomes a single character."""
    return "\n".join(
        f"{number}\n"
        f"{_time(segment.start_ms, ',')} --> {_time(segment.end_ms, ',')}\n"
        f"{_plain(segment.speaker)}: {_plain(segment.text)}\n"
        for number, segment in enumerate(transcript, start=1)
    )


def plain_text(transcript: Sequence[TranscriptSegment]) -> str:
    """A paragraph for each turn to speak: `[0:00:05] Ada: what she said`."""
    return "\n".join(_paragraph(turn) for turn in turns(transcript))


def turns(transcript: Sequence[TranscriptSegment]) -> list[list[TranscriptSegment]]:
    """What one person says before somebody else does, or a long silence."""
    found: list[list[TranscriptSegment]] = [[segment] for segment in transcript[:1]]
    for before, segment in pairwise(transcript):
        if _goes_on(before, segment):
            found[-1].append(segment)
        else:
            found.append([segment])
    return found


def _goes_on(before: TranscriptSegment, segment: TranscriptSegment) -> bool:
    same = before.participant_id == segment.participant_id
    return same and segment.start_ms - before.end_ms <= PARAGRAPH_PAUSE_MS


def _paragraph(turn: list[TranscriptSegment]) -> str:
    said = " ".join(one_line(segment.text) for segment in turn)
    return f"[{clock(turn[0].start_ms)}] {one_line(turn[0].speaker)}: {said}\n"


def clock(ms: int) -> str:
    """`0:00:05`."""
    minutes, second = divmod(ms // 1000, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02d}:{second:02d}"


def one_line(text: str) -> str:
    """Printable characters only, runs of white space as one space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _segment(source: ArtifactInput, caption: CaptionFinalized) -> TranscriptSegment:
    start_ms = max(0, caption.start_unix_ms - source.origin_unix_ms)
    return TranscriptSegment(
        id=caption.segment_id,
        participant_id=caption.participant_id,
        speaker=source.speakers.get(str(caption.participant_id), UNKNOWN_SPEAKER),
        start_ms=start_ms,
        # A cue must last; what was said before the programme began has no length of its own in it.
        end_ms=max(start_ms + 1, caption.end_unix_ms - source.origin_unix_ms),
        text=caption.text,
        words=[_word(source.origin_unix_ms, word) for word in caption.words],
        language=caption.language,
    )


def _word(origin_unix_ms: int, word: Word) -> TranscriptWord:
    start_ms = max(0, word.start_unix_ms - origin_unix_ms)
    end_ms = max(start_ms, word.end_unix_ms - origin_unix_ms)
    return TranscriptWord(start_ms=start_ms, end_ms=end_ms, text=word.text)


def _time(ms: int, point: str) -> str:
    seconds, rest = divmod(ms, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}:{minute:02d}:{second:02d}{point}{rest:03d}"


def _escape(text: str) -> str:
    return one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> str:
    return one_line(text).replace("-->", "\N{RIGHTWARDS ARROW}")
