"""What was heard in the speakers' recordings: the JSON of the kinds `speech` and `sounds`."""

from typing import Literal
from uuid import UUID

from schema.base import Wire
from schema.events import Word

SoundKind = Literal["laughter", "applause"]


class Utterance(Wire, frozen=True):
    recording_id: UUID
    participant_id: UUID
    language: str
    words: list[Word]


class CarefulPass(Wire, frozen=True):
    """`unreadable` are the object keys of segments that could not be read: silence in their place."""

    model: str
    utterances: list[Utterance]
    speech_ms: int
    unreadable: list[str]


class SoundHeard(Wire, frozen=True):
    """`confidence` is the model's own, from 0 to 1, at its highest."""

    kind: SoundKind
    participant_id: UUID
    start_unix_ms: int
    end_unix_ms: int
    confidence: float


class SoundsHeard(Wire, frozen=True):
    """In order of time for each recording; `unreadable` as in a careful pass."""

    model: str
    sounds: list[SoundHeard]
    unreadable: list[str]
