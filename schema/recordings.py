"""The replay as the browser gets it. Times are milliseconds from the programme's start."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from schema.base import Wire
from schema.events import RecordingKind
from schema.jobs import ArtifactKind, JobRecording, JobState
from schema.sessions import Session

ReplayState = Literal["processing", "ready", "failed"]


class RecordingLink(Wire, frozen=True):
    """`url` is signed and lives at most ten minutes.

    `download_urls` are the programme as MP4 files: one, or more where it went on in another quality. `subtitled_urls` are
    the same with the captions drawn into the picture, once that was asked for and is made.
    """

    id: UUID
    kind: RecordingKind
    participant_id: UUID | None
    url: str
    mime_type: str
    started_at: datetime
    duration_ms: int
    download_urls: tuple[str, ...] = ()
    subtitled_urls: tuple[str, ...] = ()


class Poster(Wire, frozen=True):
    """The newest still of the class; `url` is signed and lives at most ten minutes, null while there is none."""

    url: str | None = None


class LivePlaylist(Wire, frozen=True):
    """The last minute of a live class's programme, as HLS; `url` is signed and lives at most ten minutes."""

    url: str


class TranscriptWord(Wire, frozen=True):
    start_ms: int
    end_ms: int
    text: str


class TranscriptSegment(Wire, frozen=True):
    """`language` is empty where nobody noted it."""

    id: str
    participant_id: UUID
    speaker: str
    start_ms: int
    end_ms: int
    text: str
    words: list[TranscriptWord]
    language: str = ""


class TranscriptLink(Wire, frozen=True):
    segments: list[TranscriptSegment]
    vtt_url: str | None
    srt_url: str | None
    txt_url: str | None
    docx_url: str | None = None


class TranslatedLine(Wire, frozen=True):
    """`source` is what the segment said when it was translated."""

    segment_id: str
    source: str
    text: str


class Translation(Wire, frozen=True):
    language: str
    lines: list[TranslatedLine]


class TranslationLink(Wire, frozen=True):
    """`lines_url` is the JSON of all translations of the class."""

    language: str
    vtt_url: str
    lines_url: str


class Chapter(Wire, frozen=True):
    start_ms: int
    end_ms: int
    title: str


class Highlight(Wire, frozen=True):
    start_ms: int
    end_ms: int
    title: str
    reason: str


class SlideShown(Wire, frozen=True):
    """One page for as long as it was shown; `key` and `thumbnail_key` are object keys of its pictures."""

    asset_id: UUID
    page: int
    start_ms: int
    end_ms: int
    deck: str
    title: str
    text: str
    key: str
    thumbnail_key: str


class SpeakerStatistics(Wire, frozen=True):
    """`share` is of all that was spoken, 0 to 1; a turn ends when somebody else begins or after a long pause."""

    participant_id: UUID
    speaker: str
    spoken_ms: int
    share: float
    words: int
    words_per_minute: int
    turns: int
    longest_turn_ms: int
    questions: int
    messages: int
    hands: int


class ClassStatistics(Wire, frozen=True):
    """`overlap_ms` is when more than one spoke, `silence_ms` when nobody did."""

    duration_ms: int
    spoken_ms: int
    silence_ms: int
    overlap_ms: int
    speakers: list[SpeakerStatistics]


class Point(Wire, frozen=True):
    """A sentence and where it was said; `speaker` is empty for what a language model wrote."""

    start_ms: int
    text: str
    speaker: str = ""


class KeyTerm(Wire, frozen=True):
    """`start_ms` is where it was first said, `meaning` the sentence that explains it, empty when none does."""

    term: str
    start_ms: int
    count: int
    meaning: str = ""


class Summary(Wire, frozen=True):
    """`method` is `extractive`, or the name of the language model that wrote it."""

    method: str
    points: list[Point]
    key_terms: list[KeyTerm]
    action_items: list[Point]


class QuizSuggestion(Wire, frozen=True):
    """As a poll of the audience takes it; `correct` is the index of the right option."""

    prompt: str
    options: list[str]
    correct: int
    start_ms: int


class JoinedTrack(Wire, frozen=True):
    """`suffix` follows the key of this JSON without its `.json`."""

    recording_id: UUID
    suffix: str


class SubtitledFilm(Wire, frozen=True):
    """One of a programme's MP4 files with the captions drawn in: its playlist is named by `suffix`, as a track's file is.

    `missing` is how many of its segments could not be read.
    """

    recording_id: UUID
    suffix: str
    duration_ms: int
    missing: int = 0


SearchKind = Literal["transcript", "slide", "chat", "question"]


class SearchEntry(Wire, frozen=True):
    """What can be found of a class; `source_id` names the cue, page, message or question."""

    kind: SearchKind
    source_id: str
    start_ms: int
    text: str
    speaker: str = ""


class ReplayManifest(Wire, frozen=True):
    """The replay artifact: what was there when the class was packed, by object keys; `artifacts` maps kind to key."""

    session_id: UUID
    title: str
    origin_unix_ms: int
    duration_ms: int
    recordings: list[JobRecording]
    artifacts: dict[str, str]
    segment_count: int
    chapter_count: int
    highlight_count: int


class ArtifactLink(Wire, frozen=True, omit_defaults=True):
    kind: ArtifactKind
    state: JobState
    url: str | None = None
    error: str | None = None


class SlideLink(Wire, frozen=True):
    """A slide as it was shown; its links are signed."""

    start_ms: int
    end_ms: int
    title: str
    text: str
    url: str
    thumbnail_url: str


class Replay(Wire, frozen=True):
    """`quiz` is for staff, empty for others; `summary` and `statistics` null until made."""

    session: Session
    state: ReplayState
    recordings: list[RecordingLink]
    transcript: TranscriptLink
    chapters: list[Chapter]
    highlights: list[Highlight]
    artifacts: list[ArtifactLink]
    slides: tuple[SlideLink, ...] = ()
    summary: Summary | None = None
    statistics: ClassStatistics | None = None
    quiz: tuple[QuizSuggestion, ...] = ()
    translations: tuple[TranslationLink, ...] = ()
