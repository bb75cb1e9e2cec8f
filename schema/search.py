"""Search over what was said, shown, written and asked; bodies of /api/search."""

from datetime import datetime
from uuid import UUID

from schema.base import Wire
from schema.recordings import SearchKind


class Part(Wire, frozen=True):
    """A piece of a snippet; `hit` where the words that were asked for stand."""

    text: str
    hit: bool


class SearchHit(Wire, frozen=True):
    """`start_ms` is where the replay of the class plays it; `speaker` is the deck's name for a slide."""

    session_id: UUID
    session_title: str
    course_id: UUID
    course_title: str
    held_at: datetime
    kind: SearchKind
    source_id: str
    start_ms: int
    speaker: str
    snippet: list[Part]
