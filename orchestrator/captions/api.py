"""What was said in a class, corrections, and how classes and courses are captioned."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from orchestrator.auth.domain import Principal
from orchestrator.captions.service import Captions
from orchestrator.core.database import Database
from orchestrator.core.guard.limits import CLICKING, WRITING, Limiter
from orchestrator.core.log.rows import last_sequence
from orchestrator.http.idempotency import Write
from orchestrator.http.paging import After, Before
from orchestrator.sessions.history.paging import Span
from schema.base import LogPage
from schema.captions import (
    CaptionOptions,
    ChooseLanguage,
    CorrectCaption,
    Cue,
    RedactSpeaker,
    RoomCaptions,
    SetCaptionSettings,
)

Limit = Annotated[int, QueryParameter(ge=1, le=500)]


class SessionCaptionsController(Controller):
    path = "/api/sessions/{session_id:uuid}/captions"
    tags = ("captions",)

    @get()
    async def captions_of_session(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        captions: NamedDependency[Captions],
        after: After = 0,
        before: Before = None,
        limit: Limit = 100,
    ) -> LogPage[Cue]:
        """What was said so far, as it reads now, in the order in which it was heard: from the beginning or, with `before`,
        what was last said before that; `nextCursor` is the next `after` or `before`."""
        span = Span(limit, after, before)
        async with database.snapshot(principal.tenant_id) as tx:
            items = await captions.cues(tx, principal, session_id, span)
            reached = await last_sequence(tx, session_id)
        return LogPage(items=items, next_cursor=span.cursor(items), sequence=reached)

    @patch("/{segment_id:str}")
    async def correct_caption(
        self,
        session_id: FromPath[UUID],
        segment_id: FromPath[str],
        data: JSONBody[CorrectCaption],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        captions: NamedDependency[Captions],
        limiter: NamedDependency[Limiter],
    ) -> Cue:
        """During class and after it; what was heard stays as `original`. 409 `speaker_redacted` where there is nothing left."""
        await limiter.spend("writing", str(principal.user_id), WRITING)
        return await write.once(
            data,
            lambda tx, key: captions.correct(tx, key, principal, session_id, segment_id, data.text),
            Cue,
        )

    @post("/redactions", status_code=200)
    async def redact_speaker(
        self,
        session_id: FromPath[UUID],
        data: JSONBody[RedactSpeaker],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        captions: NamedDependency[Captions],
    ) -> RoomCaptions:
        """Takes all that this person said out of captions and transcript, for good; they are not captioned any more."""
        return await write.once(
            data,
            lambda tx, key: captions.redact(tx, key, principal, session_id, data.participant_id),
            RoomCaptions,
        )

    @get("/settings")
    async def caption_settings(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        captions: NamedDependency[Captions],
    ) -> CaptionOptions:
        """Those in force, and what the reader may do."""
        async with database.transaction(principal.tenant_id) as tx:
            return await captions.options(tx, principal, session_id)

    @put("/settings")
    async def set_caption_settings(
        self,
        session_id: FromPath[UUID],
        data: JSONBody[SetCaptionSettings],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        captions: NamedDependency[Captions],
    ) -> CaptionOptions:
        """The class's own, in place of its course's; a class that goes on follows with the next sentence."""
        return await write.once(
            data,
            lambda tx, key: captions.configure(tx, key, principal, session_id, data),
            CaptionOptions,
        )

    @put("/language")
    async def choose_caption_language(
        self,
        session_id: FromPath[UUID],
        data: JSONBody[ChooseLanguage],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        captions: NamedDependency[Captions],
        limiter: NamedDependency[Limiter],
    ) -> CaptionOptions:
        """The language that one speaks oneself; empty to follow the class."""
        await limiter.spend("clicking", str(principal.user_id), CLICKING)
        return await write.once(
            data,
            lambda tx, key: captions.choose_language(tx, key, principal, session_id, data.language),
            CaptionOptions,
        )


class CourseCaptionsController(Controller):
    path = "/api/courses/{course_id:uuid}/captions"
    tags = ("captions",)

    @get()
    async def course_caption_settings(
        self,
        course_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        captions: NamedDependency[Captions],
    ) -> CaptionOptions:
        async with database.transaction(principal.tenant_id) as tx:
            return await captions.course_options(tx, principal, course_id)

    @put()
    async def set_course_caption_settings(
        self,
        course_id: FromPath[UUID],
        data: JSONBody[SetCaptionSettings],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        captions: NamedDependency[Captions],
    ) -> CaptionOptions:
        """For its classes that have no settings of their own."""
        return await write.once(
            data,
            lambda tx, _: captions.configure_course(tx, principal, course_id, data),
            CaptionOptions,
        )
