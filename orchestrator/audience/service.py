"""Chat and questions: load, decide, append; the log's relay carries them to everybody in the room."""

from collections.abc import Callable
from uuid import UUID

from orchestrator.audience import domain, reading
from orchestrator.auth.domain import Principal
from orchestrator.core.clock import new_id
from orchestrator.core.database import Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.sessions.domain import member
from orchestrator.state.people import ParticipantState
from orchestrator.state.session import SessionState
from schema.audience import (
    AnswerQuestion,
    AskQuestion,
    ChatMessage,
    EditChat,
    Question,
    SendChat,
)
from schema.events import ChatSent, Event, QuestionAsked, StoredEvent

Decide = Callable[[SessionState, ParticipantState], list[Event]]
DecideOnQuestion = Callable[[SessionState, ParticipantState, UUID], list[Event]]


class Audience:
    """Works inside the caller's transaction; `key` is the event key of the request (orchestrator.http.idempotency).

    Every write raises NotFound, SessionNotLive, SessionOver, and Forbidden for who has not joined.
    """

    def __init__(self, events: EventLog[SessionState]) -> None:
        self._events = events

    async def send(
        self, tx: Transaction, key: str, principal: Principal, command: SendChat
    ) -> ChatMessage:
        """Raises InvalidField."""
        content, new = domain.clean(command.content), new_id()
        stored = await self._append(
            tx, key, principal, command.session_id, lambda _, who: domain.send(who, new, content)
        )
        # From the log, not `new`: a key that is already there appends nothing.
        sent = [event.payload for event in stored if isinstance(event.payload, ChatSent)]
        return await reading.message(tx, principal, sent[0].message_id)

    async def edit(
        self, tx: Transaction, key: str, principal: Principal, message_id: UUID, command: EditChat
    ) -> ChatMessage:
        """Raises InvalidField, Forbidden."""
        content = domain.clean(command.content)
        # Read before the lock: its author never changes, and a deletion meanwhile makes the edit an edit of nothing.
        old = await reading.message(tx, principal, message_id)
        await self._append(
            tx,
            key,
            principal,
            old.session_id,
            lambda _, who: domain.edit(who, message_id, old.user_id, old.content, content),
        )
        return await reading.message(tx, principal, message_id)

    async def delete(
        self, tx: Transaction, key: str, principal: Principal, message_id: UUID
    ) -> None:
        """Raises Forbidden."""
        old = await reading.message(tx, principal, message_id)
        await self._append(
            tx,
            key,
            principal,
            old.session_id,
            lambda _, who: domain.delete(who, message_id, old.user_id),
        )

    async def ask(
        self, tx: Transaction, key: str, principal: Principal, command: AskQuestion
    ) -> Question:
        """Raises InvalidField."""
        content, new = domain.clean(command.content), new_id()
        stored = await self._append(
            tx, key, principal, command.session_id, lambda _, who: domain.ask(who, new, content)
        )
        asked = [event.payload for event in stored if isinstance(event.payload, QuestionAsked)]
        return await reading.question(tx, principal, asked[0].question_id)

    async def upvote(
        self, tx: Transaction, key: str, principal: Principal, question_id: UUID
    ) -> Question:
        """Raises QuestionClosed."""
        return await self._on_question(tx, key, principal, question_id, domain.upvote)

    async def withdraw(
        self, tx: Transaction, key: str, principal: Principal, question_id: UUID
    ) -> Question:
        """Raises QuestionClosed."""
        return await self._on_question(tx, key, principal, question_id, domain.withdraw)

    async def answer(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        question_id: UUID,
        command: AnswerQuestion,
    ) -> Question:
        """Raises InvalidField, Forbidden, QuestionClosed."""
        text = None if command.answer is None else domain.clean(command.answer, "answer")
        return await self._on_question(
            tx, key, principal, question_id, lambda s, who, qid: domain.answer(s, who, qid, text)
        )

    async def dismiss(
        self, tx: Transaction, key: str, principal: Principal, question_id: UUID
    ) -> Question:
        """Raises Forbidden, QuestionClosed."""
        return await self._on_question(tx, key, principal, question_id, domain.dismiss)

    async def _on_question(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        question_id: UUID,
        decide: DecideOnQuestion,
    ) -> Question:
        known = await reading.question(tx, principal, question_id)
        await self._append(
            tx, key, principal, known.session_id, lambda s, who: decide(s, who, question_id)
        )
        return await reading.question(tx, principal, question_id)

    async def _append(
        self, tx: Transaction, key: str, principal: Principal, session_id: UUID, decide: Decide
    ) -> list[StoredEvent]:
        def on(state: SessionState) -> list[Event]:
            return decide(state, member(state, session_id, principal.user_id))

        return await self._events.append(tx, principal.tenant_id, session_id, key, on)
