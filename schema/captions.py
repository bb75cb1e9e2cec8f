"""Live captions: how a class is captioned, what was said, and corrections of it."""

from typing import Literal
from uuid import UUID

import msgspec

from schema.base import Command, Wire

# Those that Whisper knows, by its codes (ISO 639-1 where there is one).
LANGUAGES = frozenset(
    [
        "af",
        "am",
        "ar",
        "as",
        "az",
        "ba",
        "be",
        "bg",
        "bn",
        "bo",
        "br",
        "bs",
        "ca",
        "cs",
        "cy",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "eu",
        "fa",
        "fi",
        "fo",
        "fr",
        "gl",
        "gu",
        "ha",
        "haw",
        "he",
        "hi",
        "hr",
        "ht",
        "hu",
        "hy",
        "id",
        "is",
        "it",
        "ja",
        "jw",
        "ka",
        "kk",
        "km",
        "kn",
        "ko",
        "la",
        "lb",
        "ln",
        "lo",
        "lt",
        "lv",
        "mg",
        "mi",
        "mk",
        "ml",
        "mn",
        "mr",
        "ms",
        "mt",
        "my",
        "ne",
        "nl",
        "nn",
        "no",
        "oc",
        "pa",
        "pl",
        "ps",
        "pt",
        "ro",
        "ru",
        "sa",
        "sd",
        "si",
        "sk",
        "sl",
        "sn",
        "so",
        "sq",
        "sr",
        "su",
        "sv",
        "sw",
        "ta",
        "te",
        "tg",
        "th",
        "tk",
        "tl",
        "tr",
        "tt",
        "uk",
        "ur",
        "uz",
        "vi",
        "yi",
        "yo",
        "yue",
        "zh",
    ]
)

# Staff always may; `speakers` may mend their own words, `everyone` those of all.
Correctors = Literal["staff", "speakers", "everyone"]


class CaptionSettings(msgspec.Struct, frozen=True, rename="camel"):
    """`language` is empty for automatic; `glossary` are names and terms that the recogniser should expect."""

    enabled: bool
    language: str
    glossary: tuple[str, ...]
    mask_profanity: bool
    correctors: Correctors


USUAL = CaptionSettings(
    enabled=True, language="", glossary=(), mask_profanity=False, correctors="staff"
)


class SetCaptionSettings(Command, frozen=True):
    enabled: bool
    language: str
    glossary: list[str]
    mask_profanity: bool
    correctors: Correctors


class CaptionOptions(Wire, frozen=True):
    """`own` is false while a class follows its course; `languages` are those that the recogniser in use knows.

    `participant_id` is who the reader is in class, for speakers who may mend their own words; null for a course.
    """

    settings: CaptionSettings
    own: bool
    languages: list[str]
    may_change: bool
    may_correct: bool
    participant_id: UUID | None = None


class ChooseLanguage(Command, frozen=True):
    """Of one's own speech; empty to follow the class."""

    language: str


class CorrectCaption(Command, frozen=True):
    text: str


class RedactSpeaker(Command, frozen=True):
    participant_id: UUID


class Cue(Wire, frozen=True):
    """What was said, as it reads now; `original` is what was heard, null while nobody has corrected it.

    `sequence` is that of its event in the log, by which cues are paged.
    """

    sequence: int
    segment_id: str
    participant_id: UUID
    start_unix_ms: int
    end_unix_ms: int
    text: str
    original: str | None
    language: str


class RoomCaptions(Wire, frozen=True):
    """For the room's agent: the settings in force, the languages that speakers chose, and who is not captioned any more."""

    settings: CaptionSettings
    languages: dict[UUID, str]
    redacted: list[UUID]
