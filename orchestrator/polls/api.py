"""/api/polls, and the polls of a session."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.core.guard.limits import WRITING, Limiter
from orchestrator.http.idempotency import Write
from orchestrator.polls.service import Polls
from schema.base import Command, Page
from schema.polls import AnswerPoll, CreatePoll, EditPoll, Poll

# The sequence is a 32-bit integer in the database.
After = Annotated[int, QueryParameter(ge=0, le=2**31 - 1, description="The last `sequence` seen.")]
Limit = Annotated[int, QueryParameter(ge=1, le=200)]


class SessionPollsController(Controller):
    path = "/api/sessions/{session_id:uuid}/polls"
    tags = ("polls",)

    @get()
    async def polls_of_session(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        polls: NamedDependency[Polls],
        after: After = 0,
        limit: Limit = 50,
    ) -> Page[Poll]:
        """Oldest first, drafts for staff only; `nextCursor` is the next `after`."""
        async with database.transaction(principal.tenant_id) as tx:
            items = await polls.listed(tx, principal, session_id, after, limit)
        return Page(
            items=items, next_cursor=str(items[-1].sequence) if len(items) == limit else None
        )


class PollsController(Controller):
    path = "/api/polls"
    tags = ("polls",)

    @post()
    async def create_poll(
        self,
        data: JSONBody[CreatePoll],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        polls: NamedDependency[Polls],
    ) -> Poll:
        """A draft, which may be prepared before the class; students see it when it opens."""
        return await write.once(data, lambda tx, key: polls.create(tx, key, principal, data), Poll)

    @get("/{poll_id:uuid}")
    async def poll(
        self,
        poll_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        polls: NamedDependency[Polls],
    ) -> Poll:
        async with database.transaction(principal.tenant_id) as tx:
            return await polls.get(tx, principal, poll_id)

    @patch("/{poll_id:uuid}")
    async def edit_poll(
        self,
        poll_id: FromPath[UUID],
        data: JSONBody[EditPoll],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        polls: NamedDependency[Polls],
    ) -> Poll:
        """A draft only."""
        return await write.once(
            data, lambda tx, key: polls.edit(tx, key, principal, poll_id, data), Poll
        )

    @delete("/{poll_id:uuid}")
    async def delete_poll(
        self,
        poll_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        polls: NamedDependency[Polls],
    ) -> None:
        """A draft only."""

        async def work(tx: Transaction, key: str) -> Command:
            await polls.delete(tx, key, principal, poll_id)
            return Command()

        await write.once(Command(), work, Command)

    @post("/{poll_id:uuid}/open", status_code=200)
    async def open_poll(
        self,
        poll_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        polls: NamedDependency[Polls],
    ) -> Poll:
        return await write.once(
            Command(), lambda tx, key: polls.open(tx, key, principal, poll_id), Poll
        )

    @post("/{poll_id:uuid}/close", status_code=200)
    async def close_poll(
        self,
        poll_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        polls: NamedDependency[Polls],
    ) -> Poll:
        """Shows everybody the tally, and what was correct; possible after class too."""
        return await write.once(
            Command(), lambda tx, key: polls.close(tx, key, principal, poll_id), Poll
        )

    @post("/{poll_id:uuid}/responses", status_code=200)
    async def answer_poll(
        self,
        poll_id: FromPath[UUID],
        data: JSONBody[AnswerPoll],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        polls: NamedDependency[Polls],
        limiter: NamedDependency[Limiter],
    ) -> Poll:
        """One answer a person; while the poll is open another one replaces it."""
        await limiter.spend("writing", str(principal.user_id), WRITING)
        return await write.unkept(
            data, lambda tx, key: polls.answer(tx, key, principal, poll_id, data)
        )

    @get("/{poll_id:uuid}/export", media_type="text/csv")
    async def export_poll(
        self,
        poll_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        polls: NamedDependency[Polls],
    ) -> Response[str]:
        """One line an answer; names and times only where the poll is not anonymous."""
        async with database.transaction(principal.tenant_id) as tx:
            text = await polls.export(tx, principal, poll_id)
        return Response(
            text,
            media_type="text/csv",
            headers={"Content-Disposition": f'attachment; filename="poll-{poll_id}.csv"'},
        )
