"""Chat and questions: load, decide, append; the log's relay carries them to everybody in the room."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from orchestrator.audience import domain, reading
from orchestrator.audience.words import WordFilter
from orchestrator.auth.domain import Principal
from orchestrator.core.clock import Clock, new_id, utc_now
from orchestrator.core.database import Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.sessions.domain import member
from orchestrator.sessions.roles import role_in
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
from schema.texts import clean

Decide = Callable[[SessionState, ParticipantState], list[Event]]
DecideOnOne = Callable[[SessionState, ParticipantState, UUID], list[Event]]


class Audience:
    """Works inside the caller's transaction; `key` is the event key of the request (orchestrator.http.idempotency).

    Every write raises NotFound, SessionNotLive, SessionOver, and Forbidden for who has not joined.
    """

    def __init__(
        self, events: EventLog[SessionState], words: WordFilter, clock: Clock = utc_now
    ) -> None:
        self._events = events
        self._words = words
        self._clock = clock

    async def send(
        self, tx: Transaction, key: str, principal: Principal, command: SendChat
    ) -> ChatMessage:
        """Raises InvalidField, ChatClosed, Muted, MessageFiltered, SlowMode."""
        content, new = _text(command.content), new_id()
        refuses = self._words.refusing(principal.tenant_id, command.session_id)
        stored = await self._append(
            tx,
            key,
            principal,
            command.session_id,
            lambda s, who: domain.send(s, who, new, content, self._clock(), refuses),
        )
        (event,) = stored
        sent = cast("ChatSent", event.payload)
        if sent.message_id != new:
            # The log had it under this key, and it may have been edited since.
            return await reading.message(tx, principal, sent.message_id)
        state = await self._events.state(tx, command.session_id)
        return reading.fresh(event, sent, state.participants[sent.participant_id].name)

    async def edit(
        self, tx: Transaction, key: str, principal: Principal, message_id: UUID, command: EditChat
    ) -> ChatMessage:
        """Raises InvalidField, Forbidden, ChatClosed, Muted, MessageFiltered."""
        content = _text(command.content)
        # Read before the lock: its author never changes, and after a deletion meanwhile it is not found below.
        old = await reading.message(tx, principal, message_id)
        refuses = self._words.refusing(principal.tenant_id, old.session_id)
        await self._append(
            tx,
            key,
            principal,
            old.session_id,
            lambda s, who: domain.edit(
                s, who, message_id, old.user_id, old.content, content, refuses
            ),
        )
        return await reading.message(tx, principal, message_id)

    async def delete(
        self, tx: Transaction, key: str, principal: Principal, message_id: UUID
    ) -> None:
        """Staff of the course may do so after class too. Raises Forbidden, SessionOver."""
        old = await reading.message(tx, principal, message_id)
        role = await role_in(tx, principal, old.session_id)
        await self._events.append(
            tx,
            principal.tenant_id,
            old.session_id,
            key,
            lambda s: domain.delete(
                s, old.session_id, role, principal.user_id, message_id, old.user_id
            ),
        )

    async def ask(
        self, tx: Transaction, key: str, principal: Principal, command: AskQuestion
    ) -> Question:
        """Raises InvalidField, Muted, MessageFiltered."""
        content, new = _text(command.content), new_id()
        refuses = self._words.refusing(principal.tenant_id, command.session_id)
        stored = await self._append(
            tx,
            key,
            principal,
            command.session_id,
            lambda s, who: domain.ask(s, who, new, content, refuses),
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
        text = None if command.answer is None else _text(command.answer, "answer")
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
        decide: DecideOnOne,
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


def _text(text: str, field: str = "content") -> str:
    return clean(text, field, domain.MAX_CHARS)
