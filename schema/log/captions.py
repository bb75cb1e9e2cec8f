"""How a class is captioned, and what people changed of what was heard."""

from uuid import UUID

from schema.captions import CaptionSettings
from schema.log.base import Payload


class CaptionsConfigured(Payload, frozen=True, tag="captions.configured"):
    """All of the class's own settings from now on."""

    settings: CaptionSettings
    changed_by: UUID


class CaptionLanguageChosen(Payload, frozen=True, tag="captions.language_chosen"):
    """Of this speaker; empty to follow the class."""

    participant_id: UUID
    language: str


class CaptionCorrected(Payload, frozen=True, tag="caption.corrected"):
    """The newest holds; what was heard stays in `caption.finalized`."""

    segment_id: str
    participant_id: UUID
    text: str
    corrected_by: UUID


class CaptionsRedacted(Payload, frozen=True, tag="captions.redacted"):
    """All that this person said in the class is taken out, and nothing they say later is written down."""

    participant_id: UUID
    redacted_by: UUID


CaptionEvent = CaptionsConfigured | CaptionLanguageChosen | CaptionCorrected | CaptionsRedacted
