"""/api/chat and /api/questions, and what a session has of both."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from orchestrator.audience import reading
from orchestrator.audience.service import Audience
from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.core.guard.limits import CLICKING, WRITING, Limiter
from orchestrator.core.log.rows import last_sequence
from orchestrator.http.idempotency import Write
from orchestrator.http.paging import After, Before
from orchestrator.sessions.history.paging import Span
from orchestrator.sessions.roles import reader
from schema.audience import (
    AnswerQuestion,
    AskQuestion,
    ChatMessage,
    EditChat,
    Question,
    SendChat,
)
from schema.base import Command, LogPage

Limit = Annotated[int, QueryParameter(ge=1, le=200)]


class SessionAudienceController(Controller):
    path = "/api/sessions/{session_id:uuid}"
    tags = ("audience",)

    @get("/chat")
    async def chat(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        after: After = 0,
        before: Before = None,
        limit: Limit = 50,
        *,
        pinned: FromQuery[bool] = False,
    ) -> LogPage[ChatMessage]:
        """Oldest first, from the beginning or, with `before`, the last ones before it; `nextCursor` is the next `after`
        or `before`. Deleted messages are not there."""
        span = Span(limit, after, before)
        async with database.snapshot(principal.tenant_id) as tx:
            await reader(tx, principal, session_id)
            items = await reading.messages(tx, principal, session_id, span, pinned=pinned)
            reached = await last_sequence(tx, session_id)
        return LogPage(items=items, next_cursor=span.cursor(items), sequence=reached)

    @get("/questions")
    async def questions(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        after: After = 0,
        limit: Limit = 50,
    ) -> LogPage[Question]:
        """Oldest first; `nextCursor` is the next `after`."""
        span = Span(limit, after)
        async with database.snapshot(principal.tenant_id) as tx:
            await reader(tx, principal, session_id)
            items = await reading.asked(tx, principal, session_id, span)
            reached = await last_sequence(tx, session_id)
        return LogPage(items=items, next_cursor=span.cursor(items), sequence=reached)

    @get("/questions/most-wanted")
    async def most_wanted_questions(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        cursor: FromQuery[UUID | None] = None,
        limit: Limit = 50,
    ) -> LogPage[Question]:
        """Open ones first, those with most votes in front; `nextCursor` is the next `cursor`, and votes may move between pages."""
        async with database.snapshot(principal.tenant_id) as tx:
            await reader(tx, principal, session_id)
            last = None if cursor is None else await reading.question(tx, principal, cursor)
            items = await reading.most_wanted(tx, principal, session_id, last, limit)
            reached = await last_sequence(tx, session_id)
        next_cursor = str(items[-1].id) if len(items) == limit else None
        return LogPage(items=items, next_cursor=next_cursor, sequence=reached)


class ChatController(Controller):
    path = "/api/chat"
    tags = ("audience",)

    @post()
    async def send_chat(
        self,
        data: JSONBody[SendChat],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        audience: NamedDependency[Audience],
        limiter: NamedDependency[Limiter],
    ) -> ChatMessage:
        await limiter.spend("writing", str(principal.user_id), WRITING)
        return await write.once(
            data, lambda tx, key: audience.send(tx, key, principal, data), ChatMessage
        )

    @patch("/{message_id:uuid}")
    async def edit_chat(
        self,
        message_id: FromPath[UUID],
        data: JSONBody[EditChat],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        audience: NamedDependency[Audience],
        limiter: NamedDependency[Limiter],
    ) -> ChatMessage:
        """One's own only."""
        await limiter.spend("writing", str(principal.user_id), WRITING)
        return await write.once(
            data, lambda tx, key: audience.edit(tx, key, principal, message_id, data), ChatMessage
        )

    @delete("/{message_id:uuid}")
    async def delete_chat(
        self,
        message_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        audience: NamedDependency[Audience],
    ) -> None:
        """One's own, or anybody's for teachers and assistants."""

        async def work(tx: Transaction, key: str) -> Command:
            await audience.delete(tx, key, principal, message_id)
            return Command()

        await write.once(Command(), work, Command)


class QuestionsController(Controller):
    path = "/api/questions"
    tags = ("audience",)

    @post()
    async def ask_question(
        self,
        data: JSONBody[AskQuestion],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        audience: NamedDependency[Audience],
        limiter: NamedDependency[Limiter],
    ) -> Question:
        await limiter.spend("writing", str(principal.user_id), WRITING)
        return await write.once(
            data, lambda tx, key: audience.ask(tx, key, principal, data), Question
        )

    @post("/{question_id:uuid}/upvote", status_code=200)
    async def upvote(
        self,
        question_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        audience: NamedDependency[Audience],
        limiter: NamedDependency[Limiter],
    ) -> Question:
        """One vote a person; a second one changes nothing."""
        await limiter.spend("clicking", str(principal.user_id), CLICKING)
        return await write.once(
            Command(), lambda tx, key: audience.upvote(tx, key, principal, question_id), Question
        )

    @delete("/{question_id:uuid}/upvote", status_code=200)
    async def withdraw_upvote(
        self,
        question_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        audience: NamedDependency[Audience],
        limiter: NamedDependency[Limiter],
    ) -> Question:
        await limiter.spend("clicking", str(principal.user_id), CLICKING)
        return await write.once(
            Command(), lambda tx, key: audience.withdraw(tx, key, principal, question_id), Question
        )

    @post("/{question_id:uuid}/answer", status_code=200)
    async def answer_question(
        self,
        question_id: FromPath[UUID],
        data: JSONBody[AnswerQuestion],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        audience: NamedDependency[Audience],
    ) -> Question:
        return await write.once(
            data,
            lambda tx, key: audience.answer(tx, key, principal, question_id, data),
            Question,
        )

    @post("/{question_id:uuid}/dismiss", status_code=200)
    async def dismiss_question(
        self,
        question_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        audience: NamedDependency[Audience],
    ) -> Question:
        return await write.once(
            Command(), lambda tx, key: audience.dismiss(tx, key, principal, question_id), Question
        )
