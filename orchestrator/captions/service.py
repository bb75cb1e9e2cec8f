"""Captions of a class: how they are made, what was said, corrections."""

from collections.abc import Callable
from uuid import UUID

import msgspec
from msgspec.structs import replace
from sqlalchemy.dialects.postgresql import insert

from orchestrator.auth.domain import MODERATORS, STAFF, Principal
from orchestrator.captions import careful, domain, reading
from orchestrator.captions.tables import course_settings
from orchestrator.core.database import Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.core.storage import Storage
from orchestrator.courses.reading import locked, seen
from orchestrator.sessions.domain import participant_id
from orchestrator.sessions.history.paging import Span
from orchestrator.sessions.roles import reader, role_in
from orchestrator.state.session import SessionState
from schema.auth import RoleName
from schema.captions import (
    CaptionOptions,
    CaptionSettings,
    Cue,
    RoomCaptions,
    SetCaptionSettings,
)
from schema.errors import Forbidden, NotFound
from schema.events import Event

Decide = Callable[[SessionState], list[Event]]


class Captions:
    """Works inside the caller's transaction; `key` is the event key of the request (orchestrator.http.idempotency).

    Everything raises NotFound, and Forbidden for who may not.
    """

    def __init__(self, events: EventLog[SessionState], storage: Storage, asr_model: str) -> None:
        self._events = events
        self._storage = storage
        self._languages = domain.languages(asr_model)

    async def cues(
        self, tx: Transaction, principal: Principal, session_id: UUID, span: Span
    ) -> list[Cue]:
        await reader(tx, principal, session_id)
        return await reading.cues(tx, session_id, span)

    async def correct(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        session_id: UUID,
        segment_id: str,
        text: str,
    ) -> Cue:
        """Raises SpeakerRedacted, InvalidField."""
        role = await reader(tx, principal, session_id)
        cue = await self._cue(tx, principal.tenant_id, session_id, segment_id)
        own = cue.participant_id == participant_id(session_id, principal.user_id)
        settings = await self._settings(tx, session_id)
        if not domain.may_correct(settings, role, own=own):
            raise Forbidden("Ask staff of this class to correct it.")
        await self._append(
            tx,
            key,
            principal,
            session_id,
            lambda state: domain.correct(state, cue, text, principal.user_id),
        )
        return await self._cue(tx, principal.tenant_id, session_id, segment_id)

    async def redact(
        self, tx: Transaction, key: str, principal: Principal, session_id: UUID, person: UUID
    ) -> RoomCaptions:
        await role_in(tx, principal, session_id, STAFF)
        await self._append(
            tx, key, principal, session_id, lambda s: domain.redact(s, person, principal.user_id)
        )
        return await self.of_room(tx, session_id)

    async def options(
        self, tx: Transaction, principal: Principal, session_id: UUID
    ) -> CaptionOptions:
        role = await reader(tx, principal, session_id)
        state = await self._events.state(tx, session_id)
        settings = await reading.settings_of(tx, session_id, state)
        options = self._options(settings, role, own=state.captions.settings is not None)
        return replace(options, participant_id=participant_id(session_id, principal.user_id))

    async def configure(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        session_id: UUID,
        command: SetCaptionSettings,
    ) -> CaptionOptions:
        """Raises UnsupportedLanguage, InvalidField, SessionOver."""
        await role_in(tx, principal, session_id, MODERATORS)
        wanted = domain.settings_of(command, self._languages)
        await self._append(
            tx,
            key,
            principal,
            session_id,
            lambda state: domain.configure(state, principal.user_id, wanted),
        )
        return await self.options(tx, principal, session_id)

    async def choose_language(
        self, tx: Transaction, key: str, principal: Principal, session_id: UUID, language: str
    ) -> CaptionOptions:
        """Raises UnsupportedLanguage, SessionNotLive, SessionOver."""
        await role_in(tx, principal, session_id)
        user_id, known = principal.user_id, self._languages
        await self._append(
            tx,
            key,
            principal,
            session_id,
            lambda state: domain.choose_language(state, session_id, user_id, language, known),
        )
        return await self.options(tx, principal, session_id)

    async def course_options(
        self, tx: Transaction, principal: Principal, course_id: UUID
    ) -> CaptionOptions:
        await seen(tx, principal, course_id)
        settings = await reading.course_settings_of(tx, course_settings.c.course_id == course_id)
        return self._options(settings, principal.role_in(course_id), own=True)

    async def configure_course(
        self, tx: Transaction, principal: Principal, course_id: UUID, command: SetCaptionSettings
    ) -> CaptionOptions:
        """For its classes that have no settings of their own. Raises UnsupportedLanguage, InvalidField."""
        await locked(tx, principal, course_id)
        values = msgspec.to_builtins(domain.settings_of(command, self._languages))
        row = {
            "course_id": course_id,
            "tenant_id": principal.tenant_id,
            "settings": values,
        }
        await tx.execute(
            insert(course_settings)
            .values(row)
            .on_conflict_do_update(index_elements=["course_id"], set_={"settings": values})
        )
        return await self.course_options(tx, principal, course_id)

    async def of_room(self, tx: Transaction, session_id: UUID) -> RoomCaptions:
        """For the room's agent."""
        state = await self._events.state(tx, session_id)
        return RoomCaptions(
            settings=await reading.settings_of(tx, session_id, state),
            languages=state.captions.languages,
            redacted=sorted(state.captions.redacted),
        )

    async def _cue(
        self, tx: Transaction, tenant_id: UUID, session_id: UUID, segment_id: str
    ) -> Cue:
        """One that only the careful pass heard comes into the log here. Raises SpeakerRedacted."""
        found = await reading.cue(tx, session_id, segment_id)
        if found is None:
            state = await self._events.state(tx, session_id)
            heard = await careful.heard(self._storage, state, segment_id)
            key = f"caption:{segment_id}"
            await self._events.append(
                tx, tenant_id, session_id, key, lambda state: domain.take_in(state, heard)
            )
            found = await reading.cue(tx, session_id, segment_id)
        if found is None:
            raise NotFound("There is no such caption in this class.")
        return found

    async def _settings(self, tx: Transaction, session_id: UUID) -> CaptionSettings:
        state = await self._events.state(tx, session_id)
        return await reading.settings_of(tx, session_id, state)

    async def _append(
        self, tx: Transaction, key: str, principal: Principal, session_id: UUID, decide: Decide
    ) -> None:
        await self._events.append(tx, principal.tenant_id, session_id, key, decide)

    def _options(
        self, settings: CaptionSettings, role: RoleName | None, *, own: bool
    ) -> CaptionOptions:
        return CaptionOptions(
            settings=settings,
            own=own,
            languages=self._languages,
            may_change=role in MODERATORS,
            may_correct=role is not None and domain.may_correct(settings, role, own=False),
        )
