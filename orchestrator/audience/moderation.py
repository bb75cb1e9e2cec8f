"""How the chat is kept: its rules, who is muted, what is pinned, and the small answers to a message."""

from collections.abc import Callable
from uuid import UUID

from orchestrator.audience import domain, reading
from orchestrator.audience.words import WordFilter, checked
from orchestrator.auth.domain import MODERATORS, Principal
from orchestrator.core.database import Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.core.guard.locks import advisory_lock
from orchestrator.sessions.domain import member
from orchestrator.sessions.roles import reader, role_in
from orchestrator.state.people import ParticipantState
from orchestrator.state.session import SessionState
from schema.audience import ChatMessage, ChatRules, Emoji, SetChatRules
from schema.events import Event

Decide = Callable[[SessionState, ParticipantState], list[Event]]
DecideOnOne = Callable[[SessionState, ParticipantState, UUID], list[Event]]


class Moderation:
    """Works inside the caller's transaction; `key` is the event key of the request (orchestrator.http.idempotency).

    Every write raises NotFound, SessionNotLive, SessionOver, and Forbidden for who has not joined; the rules alone may be
    set before class and from outside.
    """

    def __init__(self, events: EventLog[SessionState], words: WordFilter) -> None:
        self._events = events
        self._words = words

    async def rules(self, tx: Transaction, principal: Principal, session_id: UUID) -> ChatRules:
        role = await reader(tx, principal, session_id)
        chat = (await self._events.state(tx, session_id)).chat
        words = self._words.words(principal.tenant_id, session_id, chat.words)
        return ChatRules(
            open=chat.open,
            slow_mode_s=chat.slow_mode_s,
            muted=list(chat.muted),
            words=words if role in MODERATORS else None,
        )

    async def set_rules(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        session_id: UUID,
        command: SetChatRules,
    ) -> ChatRules:
        """Raises InvalidField."""
        await role_in(tx, principal, session_id, MODERATORS)
        sealed = self._words.seal(principal.tenant_id, session_id, checked(command.words))
        await self._events.append(
            tx,
            principal.tenant_id,
            session_id,
            key,
            lambda s: domain.set_rules(s, principal.user_id, command, sealed),
        )
        return await self.rules(tx, principal, session_id)

    async def mute(
        self, tx: Transaction, key: str, principal: Principal, session_id: UUID, person: UUID
    ) -> ChatRules:
        return await self._on_person(tx, key, principal, session_id, person, domain.mute)

    async def unmute(
        self, tx: Transaction, key: str, principal: Principal, session_id: UUID, person: UUID
    ) -> ChatRules:
        return await self._on_person(tx, key, principal, session_id, person, domain.unmute)

    async def pin(
        self, tx: Transaction, key: str, principal: Principal, message_id: UUID
    ) -> ChatMessage:
        """Raises TooManyPins."""
        return await self._on_message(
            tx, key, principal, message_id, lambda s, who: domain.pin(s, who, message_id)
        )

    async def unpin(
        self, tx: Transaction, key: str, principal: Principal, message_id: UUID
    ) -> ChatMessage:
        return await self._on_message(
            tx, key, principal, message_id, lambda s, who: domain.unpin(s, who, message_id)
        )

    async def react(
        self, tx: Transaction, key: str, principal: Principal, message_id: UUID, emoji: Emoji
    ) -> ChatMessage:
        there = await self._reacted(tx, principal, message_id, emoji)
        return await self._on_message(
            tx,
            key,
            principal,
            message_id,
            lambda _, who: domain.react(who, message_id, emoji, there=there),
        )

    async def take_back(
        self, tx: Transaction, key: str, principal: Principal, message_id: UUID, emoji: Emoji
    ) -> ChatMessage:
        there = await self._reacted(tx, principal, message_id, emoji)
        return await self._on_message(
            tx,
            key,
            principal,
            message_id,
            lambda _, who: domain.take_back(who, message_id, emoji, there=there),
        )

    async def _reacted(
        self, tx: Transaction, principal: Principal, message_id: UUID, emoji: Emoji
    ) -> bool:
        """Whether it is there, and stays so: the same person's other click waits."""
        await advisory_lock(tx, "reaction", message_id, principal.user_id)
        return await reading.reacted(tx, principal, message_id, emoji)

    async def _on_message(
        self, tx: Transaction, key: str, principal: Principal, message_id: UUID, decide: Decide
    ) -> ChatMessage:
        known = await reading.message(tx, principal, message_id)
        await self._append(tx, key, principal, known.session_id, decide)
        # Deleted while this waited for the lock: not found, and so nothing is written.
        return await reading.message(tx, principal, message_id)

    async def _on_person(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        session_id: UUID,
        person: UUID,
        decide: DecideOnOne,
    ) -> ChatRules:
        await self._append(tx, key, principal, session_id, lambda s, who: decide(s, who, person))
        return await self.rules(tx, principal, session_id)

    async def _append(
        self, tx: Transaction, key: str, principal: Principal, session_id: UUID, decide: Decide
    ) -> None:
        def on(state: SessionState) -> list[Event]:
            return decide(state, member(state, session_id, principal.user_id))

        await self._events.append(tx, principal.tenant_id, session_id, key, on)
