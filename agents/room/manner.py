"""How this class is captioned: asked of the control plane at the start, and again whenever the log says that it changed."""

import asyncio
from uuid import UUID

import msgspec
import structlog

from orchestrator.core.control_client import ControlClient, ControlRefused, ControlUnavailable
from schema.captions import USUAL, RoomCaptions
from schema.events import CaptionLanguageChosen, CaptionsConfigured, CaptionsRedacted, StoredEvent

log = structlog.get_logger(__name__)

PAUSE_S = 2.0
CHANGES = CaptionsConfigured | CaptionLanguageChosen | CaptionsRedacted


class Treatment(msgspec.Struct, frozen=True):
    """How one speaker is heard; `language` is empty for automatic."""

    captioned: bool = True
    language: str = ""
    glossary: tuple[str, ...] = ()
    mask_profanity: bool = False


class Manner:
    """Until the first answer everybody is captioned in the usual way."""

    def __init__(self, control: ControlClient, session_id: UUID) -> None:
        self._control = control
        self._path = f"/api/internal/sessions/{session_id}/captions/settings"
        self._stale = asyncio.Event()
        self._stale.set()
        self._room = RoomCaptions(settings=USUAL, languages={}, redacted=[])

    def of(self, participant_id: UUID | None) -> Treatment:
        return treatment(self._room, participant_id)

    def hear(self, event: StoredEvent) -> None:
        if isinstance(event.payload, CHANGES):
            self._stale.set()

    async def run(self) -> None:
        """Forever; a control plane that is away is asked again."""
        while True:
            await self._stale.wait()
            self._stale.clear()
            try:
                self._room = await self._control.get(self._path, RoomCaptions)
            except ControlUnavailable as error:
                log.warning("caption_settings_not_read", reason=str(error))
                self._stale.set()
                await asyncio.sleep(PAUSE_S)
            except ControlRefused as error:
                log.warning("caption_settings_refused", reason=str(error))


def treatment(room: RoomCaptions, participant_id: UUID | None) -> Treatment:
    """Pure."""
    settings, language = room.settings, room.settings.language
    if participant_id is not None:
        language = room.languages.get(participant_id, language)
    return Treatment(
        captioned=settings.enabled and participant_id not in room.redacted,
        language=language,
        glossary=settings.glossary,
        mask_profanity=settings.mask_profanity,
    )
