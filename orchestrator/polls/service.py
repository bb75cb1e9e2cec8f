"""Polls: load, decide, append; and each poll as one reader may see it."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from msgspec.structs import asdict

from orchestrator.auth.domain import MODERATORS, Principal
from orchestrator.core.clock import new_id
from orchestrator.core.database import Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.polls import domain, reading
from orchestrator.polls.export import Answer, csv_of
from orchestrator.polls.reading import Row
from orchestrator.polls.secrets import PollSecrets
from orchestrator.sessions.domain import member, participant_id
from orchestrator.sessions.roles import reader, role_in
from orchestrator.state.polls import Choices, PollState
from orchestrator.state.session import SessionState
from schema.errors import IdempotencyKeyReused, NotFound
from schema.events import Event, PollCreated
from schema.polls import AnswerPoll, CreatePoll, EditPoll, Poll, PollDraft, PollQuestion

COMMON = ("id", "session_id", "status", "sequence", "created_at", "opened_at", "closed_at")
QUESTION = PollQuestion.__struct_fields__
Decide = Callable[[SessionState], list[Event]]


class Polls:
    """Works inside the caller's transaction; `key` is the event key of the request (orchestrator.http.idempotency).

    Everything raises NotFound, and Forbidden for who is not of this class; only `answer` is for students.
    """

    def __init__(self, events: EventLog[SessionState], secrets: PollSecrets) -> None:
        self._events = events
        self._secrets = secrets

    async def create(
        self, tx: Transaction, key: str, principal: Principal, command: CreatePoll
    ) -> Poll:
        """Raises InvalidField, SessionOver, TooManyPolls."""
        await role_in(tx, principal, command.session_id, MODERATORS)
        new = new_id()
        sealed = self._secrets.seal_draft(principal.tenant_id, new, domain.drafted(command))
        stored = await self._events.append(
            tx,
            principal.tenant_id,
            command.session_id,
            key,
            lambda state: domain.create(state, new, principal.user_id, sealed),
        )
        # From the log, not `new`: a key that is already there appends nothing.
        created = [event.payload for event in stored if isinstance(event.payload, PollCreated)]
        return await self.get(tx, principal, created[0].poll_id)

    async def edit(
        self, tx: Transaction, key: str, principal: Principal, poll_id: UUID, command: EditPoll
    ) -> Poll:
        """Raises InvalidField, PollAlreadyOpened."""

        def change(sealed: str) -> str:
            draft = domain.changed(self._draft(principal, poll_id, sealed), command)
            return self._secrets.seal_draft(principal.tenant_id, poll_id, draft)

        return await self._keep(
            tx,
            key,
            principal,
            poll_id,
            lambda s: domain.edit(s, poll_id, principal.user_id, change),
        )

    async def delete(self, tx: Transaction, key: str, principal: Principal, poll_id: UUID) -> None:
        """Raises PollAlreadyOpened."""
        await self._append_kept(
            tx, key, principal, poll_id, lambda s: domain.delete(s, poll_id, principal.user_id)
        )

    async def open(self, tx: Transaction, key: str, principal: Principal, poll_id: UUID) -> Poll:
        """Raises SessionNotLive, SessionOver, PollClosed."""
        unseal = partial(self._draft, principal, poll_id)
        return await self._keep(
            tx,
            key,
            principal,
            poll_id,
            lambda s: domain.open_poll(s, poll_id, principal.user_id, unseal),
        )

    async def close(self, tx: Transaction, key: str, principal: Principal, poll_id: UUID) -> Poll:
        """Raises PollNotOpen."""
        unseal = partial(self._draft, principal, poll_id)
        reveal = partial(self._secrets.choices, principal.tenant_id, poll_id)
        return await self._keep(
            tx,
            key,
            principal,
            poll_id,
            lambda s: domain.close(s, poll_id, principal.user_id, unseal, reveal),
        )

    async def answer(
        self, tx: Transaction, key: str, principal: Principal, poll_id: UUID, command: AnswerPoll
    ) -> Poll:
        """Keeps beside the answer nothing of who gave it. Raises SessionNotLive, SessionOver, PollClosed, PollNotOpen,
        InvalidField, IdempotencyKeyReused."""
        row = await reading.poll_row(tx, principal.tenant_id, poll_id)
        who = self._respondent(row, principal)
        seal = partial(self._secrets.seal_choices, principal.tenant_id, poll_id, who)

        def decide(state: SessionState) -> list[Event]:
            member(state, row["session_id"], principal.user_id)
            return domain.answer(state, poll_id, who, command.choices, seal)

        logged = await self._events.append(tx, principal.tenant_id, row["session_id"], key, decide)
        reveal = partial(self._secrets.choices, principal.tenant_id, poll_id)
        if not all(
            domain.answers(event.payload, poll_id, command.choices, reveal) for event in logged
        ):
            raise IdempotencyKeyReused("This key was used for another answer; use a new one.")
        return await self.get(tx, principal, poll_id)

    async def get(self, tx: Transaction, principal: Principal, poll_id: UUID) -> Poll:
        row = await reading.poll_row(tx, principal.tenant_id, poll_id)
        keeps = await reader(tx, principal, row["session_id"]) in MODERATORS
        if row["status"] == "draft" and not keeps:
            raise NotFound("There is no such poll.")
        shown = await self._shown(tx, principal, row["session_id"], [row], keeps=keeps)
        if not shown:
            raise NotFound("There is no such poll.")
        return shown[0]

    async def listed(
        self, tx: Transaction, principal: Principal, session_id: UUID, after: int, limit: int
    ) -> list[Poll]:
        """Oldest first, drafts for staff only; `after` is the sequence of the last one already seen."""
        keeps = await reader(tx, principal, session_id) in MODERATORS
        rows = await reading.poll_rows(tx, session_id, after, limit, drafts=keeps)
        return await self._shown(tx, principal, session_id, rows, keeps=keeps)

    async def export(self, tx: Transaction, principal: Principal, poll_id: UUID) -> str:
        """The answers as CSV, without names where the poll is anonymous. A draft has none."""
        row = await reading.poll_row(tx, principal.tenant_id, poll_id)
        await role_in(tx, principal, row["session_id"], MODERATORS)
        draft = self._draft(principal, poll_id, row["sealed"])
        answers = [
            Answer(found["respondent"], self._plain(found), found["answered_at"])
            for found in await reading.all_answers(tx, poll_id)
        ]
        people = await reading.names_of(tx, row["session_id"])
        names = {
            self._secrets.respondent(poll_id, row["sealed"], pid): name
            for pid, name in people.items()
        }
        return csv_of(draft, answers, names)

    async def _keep(
        self, tx: Transaction, key: str, principal: Principal, poll_id: UUID, decide: Decide
    ) -> Poll:
        await self._append_kept(tx, key, principal, poll_id, decide)
        return await self.get(tx, principal, poll_id)

    async def _append_kept(
        self, tx: Transaction, key: str, principal: Principal, poll_id: UUID, decide: Decide
    ) -> None:
        row = await reading.poll_row(tx, principal.tenant_id, poll_id)
        await role_in(tx, principal, row["session_id"], MODERATORS)
        await self._events.append(tx, principal.tenant_id, row["session_id"], key, decide)

    async def _shown(
        self,
        tx: Transaction,
        principal: Principal,
        session_id: UUID,
        rows: list[Row],
        *,
        keeps: bool,
    ) -> list[Poll]:
        # The state is read after the rows: of what was deleted in between it knows nothing any more.
        state = await self._events.state(tx, session_id)
        who = {row["id"]: self._respondent(row, principal) for row in rows}
        own = await reading.answers_of(tx, who) if who else {}
        return [
            self._as_seen(row, state.polls[row["id"]], own.get(row["id"]), keeps=keeps)
            for row in rows
            if row["id"] in state.polls
        ]

    def _as_seen(self, row: Row, poll: PollState, own: Row | None, *, keeps: bool) -> Poll:
        reveal = partial(self._secrets.choices, row["tenant_id"], row["id"])
        tally: Choices | None = domain.tally(poll, reveal) if keeps else poll.tally
        question = {name: row[name] for name in QUESTION}
        correct = row["correct"]
        if keeps:
            draft = self._secrets.draft(row["tenant_id"], row["id"], row["sealed"])
            question, correct = asdict(draft.question), draft.correct
        return Poll(
            **{name: row[name] for name in COMMON},
            **question,
            responses=poll.responses,
            tally=None if tally is None or row["status"] == "draft" else list(tally),
            correct=correct,
            mine=None if own is None else list(self._plain(own)),
        )

    def _plain(self, answer: Row) -> Choices:
        if answer["sealed"] is None:
            return tuple(answer["choices"])
        return self._secrets.choices(
            answer["tenant_id"], answer["poll_id"], answer["respondent"], answer["sealed"]
        )

    def _draft(self, principal: Principal, poll_id: UUID, sealed: str) -> PollDraft:
        return self._secrets.draft(principal.tenant_id, poll_id, sealed)

    def _respondent(self, row: Row, principal: Principal) -> str:
        return self._secrets.respondent(
            row["id"], row["sealed"], participant_id(row["session_id"], principal.user_id)
        )
