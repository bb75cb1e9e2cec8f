"""The rules of a session's chat, who is muted in it, and what is done to a message without writing one."""

from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from orchestrator.audience.moderation import Moderation
from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database
from orchestrator.core.guard.limits import WRITING, Limiter
from orchestrator.http.idempotency import Write
from schema.audience import ChatMessage, ChatRules, Emoji, Mute, SetChatRules
from schema.base import Command


class ChatRulesController(Controller):
    path = "/api/sessions/{session_id:uuid}/chat"
    tags = ("audience",)

    @get("/rules")
    async def chat_rules(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        moderation: NamedDependency[Moderation],
    ) -> ChatRules:
        """The word filter is told to staff only."""
        async with database.transaction(principal.tenant_id) as tx:
            return await moderation.rules(tx, principal, session_id)

    @put("/rules")
    async def set_chat_rules(
        self,
        session_id: FromPath[UUID],
        data: JSONBody[SetChatRules],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        moderation: NamedDependency[Moderation],
    ) -> ChatRules:
        """Replaces all of them; they bind students only, and may be set before class."""
        return await write.once(
            data,
            lambda tx, key: moderation.set_rules(tx, key, principal, session_id, data),
            ChatRules,
        )

    @post("/mutes", status_code=200)
    async def mute(
        self,
        session_id: FromPath[UUID],
        data: JSONBody[Mute],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        moderation: NamedDependency[Moderation],
    ) -> ChatRules:
        """A muted student writes neither messages nor questions."""
        return await write.once(
            data,
            lambda tx, key: moderation.mute(tx, key, principal, session_id, data.participant_id),
            ChatRules,
        )

    @delete("/mutes/{participant_id:uuid}", status_code=200)
    async def unmute(
        self,
        session_id: FromPath[UUID],
        participant_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        moderation: NamedDependency[Moderation],
    ) -> ChatRules:
        return await write.once(
            Command(),
            lambda tx, key: moderation.unmute(tx, key, principal, session_id, participant_id),
            ChatRules,
        )


class ChatMarksController(Controller):
    path = "/api/chat/{message_id:uuid}"
    tags = ("audience",)

    @post("/pin", status_code=200)
    async def pin_chat(
        self,
        message_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        moderation: NamedDependency[Moderation],
    ) -> ChatMessage:
        """Shows it on top to all; three at most."""
        return await write.once(
            Command(), lambda tx, key: moderation.pin(tx, key, principal, message_id), ChatMessage
        )

    @delete("/pin", status_code=200)
    async def unpin_chat(
        self,
        message_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        moderation: NamedDependency[Moderation],
    ) -> ChatMessage:
        return await write.once(
            Command(), lambda tx, key: moderation.unpin(tx, key, principal, message_id), ChatMessage
        )

    @put("/reactions/{emoji:str}")
    async def react(
        self,
        message_id: FromPath[UUID],
        emoji: FromPath[Emoji],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        moderation: NamedDependency[Moderation],
        limiter: NamedDependency[Limiter],
    ) -> ChatMessage:
        """One of each kind a person; a second one changes nothing."""
        await limiter.spend("writing", str(principal.user_id), WRITING)
        return await write.once(
            Command(),
            lambda tx, key: moderation.react(tx, key, principal, message_id, emoji),
            ChatMessage,
        )

    @delete("/reactions/{emoji:str}", status_code=200)
    async def take_reaction_back(
        self,
        message_id: FromPath[UUID],
        emoji: FromPath[Emoji],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        moderation: NamedDependency[Moderation],
        limiter: NamedDependency[Limiter],
    ) -> ChatMessage:
        await limiter.spend("writing", str(principal.user_id), WRITING)
        return await write.once(
            Command(),
            lambda tx, key: moderation.take_back(tx, key, principal, message_id, emoji),
            ChatMessage,
        )
