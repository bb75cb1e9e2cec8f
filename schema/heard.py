"""What the careful pass heard; the JSON of the kind `speech`."""

from uuid import UUID

from schema.base import Wire
from schema.events import Word


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
