"""How a class is captioned, and whose words are not to be read any more."""

from collections.abc import Collection
from uuid import UUID

import msgspec
from msgspec.structs import replace

from schema import events as e
from schema.captions import CaptionSettings


class CaptionState(msgspec.Struct, frozen=True):
    """`settings` are null while the class follows its course; `languages` are what speakers chose for themselves."""

    settings: CaptionSettings | None = None
    languages: dict[UUID, str] = {}
    redacted: frozenset[UUID] = frozenset()


def evolve(state: CaptionState, event: e.StoredEvent) -> CaptionState:
    match event.payload:
        case e.CaptionsConfigured(settings=settings):
            return replace(state, settings=settings)
        case e.CaptionLanguageChosen(participant_id=person, language=language):
            others = {key: one for key, one in state.languages.items() if key != person}
            return replace(state, languages=others | ({person: language} if language else {}))
        case e.CaptionsRedacted(participant_id=person):
            return replace(state, redacted=state.redacted | {person})
        case _:
            return state


def without_speech(event: e.StoredEvent, gone: Collection[tuple[UUID, str]]) -> e.StoredEvent:
    """The same event, or without its words when its caption, by session and segment, is `gone`."""
    match event.payload:
        case e.CaptionFinalized(segment_id=key) if (event.session_id, key) in gone:
            return replace(event, payload=replace(event.payload, text="", words=[]))
        case e.CaptionCorrected(segment_id=key) if (event.session_id, key) in gone:
            return replace(event, payload=replace(event.payload, text=""))
        case _:
            return event
