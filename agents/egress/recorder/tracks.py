"""Which track feeds which source, and at what quality: decisions without a room."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from livekit import rtc

# A layer this much smaller than its tile is enlarged unseen; the next one up costs four times the pixels.
ENLARGE = 1.25

SCREEN = frozenset({rtc.TrackSource.SOURCE_SCREENSHARE, rtc.TrackSource.SOURCE_SCREENSHARE_AUDIO})
UNSEEN = frozenset(
    {
        rtc.ParticipantKind.PARTICIPANT_KIND_AGENT,
        rtc.ParticipantKind.PARTICIPANT_KIND_EGRESS,
    }
)


class Publication(Protocol):
    """What is asked of a published track."""

    @property
    def sid(self) -> str: ...
    @property
    def kind(self) -> int: ...
    @property
    def source(self) -> int: ...


class Person(Protocol):
    """What is asked of a participant."""

    @property
    def identity(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> int: ...


def is_shown(person: Person) -> bool:
    """Agents and other recorders have no tile and no voice."""
    return person.kind not in UNSEEN


def seniority(person: rtc.RemoteParticipant) -> tuple[datetime, str]:
    """Tiles stand in the order of joining; the room itself lists people in any order."""
    return person.joined_at or datetime.max.replace(tzinfo=UTC), person.identity


def screen(publication: Publication) -> bool:
    return publication.source in SCREEN


def is_shared_picture(publication: Publication) -> bool:
    """The sound of a screen comes as a track of its own."""
    return publication.source == rtc.TrackSource.SOURCE_SCREENSHARE


def source_name(publication: Publication, person: Person) -> str:
    """What stands on the tile."""
    name = person.name or person.identity
    return f"{name} (screen)" if screen(publication) else name


def quality_for(width: int, height: int, tile: tuple[int, int]) -> "rtc.VideoQuality.ValueType":
    """The smallest simulcast layer (a quarter, a half, the whole of the published sides) that fills the tile."""
    fitted = min(tile[0] / max(width, 1), tile[1] / max(height, 1))
    if fitted <= ENLARGE / 4:
        return rtc.VideoQuality.VIDEO_QUALITY_LOW
    if fitted <= ENLARGE / 2:
        return rtc.VideoQuality.VIDEO_QUALITY_MEDIUM
    return rtc.VideoQuality.VIDEO_QUALITY_HIGH


@dataclass(slots=True)
class _Slot:
    source_id: str
    kind: int
    wanted: bool = True
    quality: int | None = None


class Slots:
    """A source has one picture and one sound; a second camera or microphone of somebody becomes a source of its own."""

    def __init__(self) -> None:
        self._slots: dict[str, _Slot] = {}

    def take(self, publication: Publication, person: Person) -> str:
        """The source that this track feeds from now on; asking again changes nothing."""
        known = self._slots.get(publication.sid)
        if known is not None:
            return known.source_id
        source_id = person.identity + ("/screen" if screen(publication) else "")
        taken = {(slot.source_id, slot.kind) for slot in self._slots.values()}
        if (source_id, publication.kind) in taken:
            source_id = f"{source_id}/{publication.sid}"
        self._slots[publication.sid] = _Slot(source_id, publication.kind)
        return source_id

    def source_of(self, sid: str) -> str | None:
        slot = self._slots.get(sid)
        return None if slot is None else slot.source_id

    def free(self, sid: str) -> str | None:
        """The source that nothing feeds any more, if this track was its last."""
        slot = self._slots.pop(sid, None)
        if slot is None or any(one.source_id == slot.source_id for one in self._slots.values()):
            return None
        return slot.source_id

    def wanted(self, sid: str) -> bool:
        return self._slots[sid].wanted

    def want(self, sid: str, *, wanted: bool) -> None:
        self._slots[sid].wanted = wanted

    def ask(self, sid: str, quality: int) -> bool:
        """Whether this is another quality than was asked for last."""
        changed = self._slots[sid].quality != quality
        self._slots[sid].quality = quality
        return changed
