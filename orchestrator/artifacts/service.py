"""Artifact jobs in a person's hands: the board, retry and cancel; and the artifact engine's trigger."""

from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

import sqlalchemy as sa

from orchestrator.artifacts import domain
from orchestrator.auth.domain import STAFF, Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.recordings.domain import blockers, job_id, unmet
from orchestrator.recordings.making.jobs import lock_session, locked, states_of
from orchestrator.recordings.tables import jobs
from orchestrator.sessions import roles
from orchestrator.sessions.tables import sessions as session_rows
from orchestrator.state.session import SessionState
from schema.errors import (
    IdempotencyKeyReused,
    NotFound,
    ReplayNotReady,
)
from schema.events import ArtifactRequeued, Event
from schema.jobs import (
    NEEDS,
    ON_REQUEST,
    ArtifactJob,
    ArtifactKind,
    JobState,
    ProcessArtifacts,
    ProcessReply,
)


class Artifacts:
    """`key` is the event key of the request, `tx` its transaction. Raises NotFound, Forbidden."""

    def __init__(
        self,
        database: Database,
        events: EventLog[SessionState],
        hearing: list[str],
        kinds: list[ArtifactKind],
    ) -> None:
        """`hearing` are the models that recordings may be heard again with, `kinds` what people see being made."""
        self._database = database
        self._events = events
        self._hearing = hearing
        self._kinds = kinds

    def _models(self, kind: ArtifactKind) -> list[str]:
        return self._hearing if kind == "speech" else []

    async def board(self, principal: Principal, session_id: UUID) -> list[ArtifactJob]:
        """In the order in which they are made, then what may be asked for; empty before the end of class."""
        async with self._database.transaction(principal.tenant_id) as tx:
            await roles.reader(tx, principal, session_id)
            found = await tx.execute(sa.select(jobs).where(jobs.c.session_id == session_id))
            rows = {row["kind"]: row for row in found.mappings()}
            state = await self._events.state(tx, session_id)
        states = {kind: row["state"] for kind, row in rows.items()}
        shown = [kind for kind in self._kinds if kind in rows]
        made = [to_job(rows[kind], self._models(kind), states) for kind in shown]
        return [*made, *offers(state, rows)]

    async def retry(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        session_id: UUID,
        kind: ArtifactKind,
        model: str,
    ) -> ArtifactJob:
        """Raises JobRunning, InvalidField for a model that this kind can't be made with.

        Of what is made on request, this is the request: ReplayNotReady before the end of class, NothingRecorded.
        """
        domain.check_model(model, self._models(kind))
        if kind in ON_REQUEST:
            await roles.role_in(tx, principal, session_id, STAFF)
            state = await self._events.state(tx, session_id)
            _check_over(state)
            domain.check_recorded([kind], state.recordings.values())
        return await self._steer(
            tx,
            key,
            principal,
            session_id,
            kind,
            lambda states: domain.retry(session_id, kind, states, principal.user_id, model),
        )

    async def cancel(
        self, tx: Transaction, key: str, principal: Principal, session_id: UUID, kind: ArtifactKind
    ) -> ArtifactJob:
        """Raises JobNotOpen."""
        who = principal.user
        return await self._steer(
            tx,
            key,
            principal,
            session_id,
            kind,
            lambda states: domain.cancel(session_id, kind, states, principal.user_id, who.name),
        )

    async def process(
        self, key: str, command: ProcessArtifacts, own_hosts: Iterable[str]
    ) -> ProcessReply:
        """Queues an ended session's artifacts, once per idempotency key; `key` is the caller's own.

        Raises IdempotencyKeyReused, InvalidField, NothingRecorded, ReplayNotReady before the end of class.
        """
        named = domain.key_of(command.recording_url, own_hosts)
        session_id = command.session_id
        async with self._database.system_transaction() as tx:
            tenant_id = await tx.scalar(
                sa.select(session_rows.c.tenant_id).where(session_rows.c.id == session_id)
            )
            if tenant_id is None:
                raise NotFound("There is no such session.")
            state = await self._events.state(tx, session_id)
            _check_over(state)
            recording_id = domain.recording_at(state.recordings.values(), named)
            domain.check_recorded(command.kinds, state.recordings.values())
            wanted = domain.affected(command.kinds, state.jobs)
            stored = await self._events.append(
                tx,
                tenant_id,
                session_id,
                f"process:{key}",
                lambda _: domain.process(session_id, recording_id, wanted),
            )
        queued = [e.payload for e in stored if isinstance(e.payload, ArtifactRequeued)]
        kinds = [domain.kind_named(event.kind) for event in queued]
        other = any(event.recording_id != recording_id for event in queued)
        if other or not set(command.kinds) <= set(kinds):
            raise IdempotencyKeyReused("This key was used for something else; use a new one.")
        return ProcessReply(session_id=session_id, recording_id=recording_id, kinds=kinds)

    async def _steer(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        session_id: UUID,
        kind: ArtifactKind,
        decide: Callable[[Mapping[ArtifactKind, JobState]], list[Event]],
    ) -> ArtifactJob:
        """The jobs are read under their session's lock, so that no worker claims or finishes one in between."""
        await roles.role_in(tx, principal, session_id, STAFF)
        await lock_session(tx, session_id)
        made = decide(await states_of(tx, session_id))
        await self._events.append(tx, principal.tenant_id, session_id, key, lambda _: made)
        states = await states_of(tx, session_id)
        return to_job(await locked(tx, job_id(session_id, kind)), self._models(kind), states)


def to_job(
    row: sa.RowMapping, models: list[str], states: Mapping[ArtifactKind, JobState]
) -> ArtifactJob:
    again = row["state"] == "queued" and row["error"] is not None
    return ArtifactJob(
        kind=row["kind"],
        state=row["state"],
        attempts=row["attempts"],
        progress=row["progress_percent"],
        error=row["error"],
        updated_at=row["updated_at"],
        model=row["parameters"].get("model", ""),
        models=tuple(models),
        waits_for=unmet(row["kind"], states),
        blocked_by=blockers(row["kind"], states),
        next_attempt_at=row["next_attempt_at"] if again else None,
    )


def offers(state: SessionState, known: Collection[str]) -> list[ArtifactJob]:
    """What nobody has asked for yet, of a class that is over and whose programme was recorded."""
    if state.ended_at is None or not domain.has_programme(state.recordings.values()):
        return []
    return [
        ArtifactJob(
            kind=kind,
            state="offered",
            attempts=0,
            progress=0,
            error=None,
            updated_at=state.ended_at,
        )
        for kind in NEEDS
        if kind in ON_REQUEST and kind not in known
    ]


def _check_over(state: SessionState) -> None:
    if state.status != "ended":
        raise ReplayNotReady("Artifacts are made when the class is over.", {"status": state.status})
