"""Events to recordings, captions, artifacts and jobs, in the event's own transaction.

Jobs are made with the very event that ends the class, so none can be forgotten; what arrives later makes them stale.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.core.database import Transaction
from orchestrator.recordings.domain import job_id
from orchestrator.recordings.tables import (
    artifacts,
    captions,
    jobs,
    recordings,
    replays,
    versions,
)
from orchestrator.state.recordings import stale_kinds
from schema import events as e
from schema.jobs import ALWAYS, ON_REQUEST, Parameters

# The last words of a class arrive just after its end; each of them puts the jobs off by this much.
GRACE = timedelta(seconds=1)


async def project(tx: Transaction, tenant_id: UUID, event: e.StoredEvent) -> None:
    match event.payload:
        case e.SessionEnded():
            await _create_jobs(tx, tenant_id, event, ALWAYS)
        case e.RecordingAdded() as added:
            await _add(tx, tenant_id, event, added)
        case e.RecordingCompleted() as completed:
            await tx.execute(
                sa.update(recordings)
                .where(recordings.c.id == completed.recording_id)
                .values(duration_ms=completed.duration_ms)
            )
        case e.CaptionFinalized() as caption:
            await _caption(tx, tenant_id, event, caption)
        case e.CaptionsRedacted():
            await _forget(tx, event.session_id)
        case e.ArtifactCompleted() as completed:
            await _version(tx, tenant_id, event, completed)
            write = _replay if completed.kind == "replay" else _artifact
            await write(tx, tenant_id, event, completed)
        case e.ArtifactRequeued() as requeued:
            await _wanted(tx, tenant_id, event, requeued)
        case e.ArtifactCancelled() as cancelled:
            await _cancel(tx, cancelled, event.created_at)
        case _:
            pass
    if stale := stale_kinds(event.payload):
        await _requeue(tx, event.session_id, stale, event.created_at, GRACE)


async def _create_jobs(
    tx: Transaction, tenant_id: UUID, event: e.StoredEvent, kinds: Iterable[str]
) -> None:
    """Those that are not there."""
    rows = [
        {
            "id": job_id(event.session_id, kind),
            "tenant_id": tenant_id,
            "session_id": event.session_id,
            "kind": kind,
            "state": "queued",
            "next_attempt_at": event.created_at + GRACE,
            "updated_at": event.created_at,
        }
        for kind in kinds
    ]
    await tx.execute(insert(jobs).values(rows).on_conflict_do_nothing())


async def _requeue(
    tx: Transaction, session_id: UUID, kinds: Iterable[str], at: datetime, pause: timedelta
) -> None:
    """Takes the lease away from whoever works on the old input; before the end of class there is no job to touch."""
    await tx.execute(
        sa.update(jobs)
        .where(jobs.c.session_id == session_id, jobs.c.kind.in_(list(kinds)))
        .values(
            state="queued",
            attempts=0,
            failures={},
            lease_token=None,
            lease_expires_at=None,
            error=None,
            progress_percent=0,
            next_attempt_at=at + pause,
            updated_at=at,
        )
    )


async def _wanted(
    tx: Transaction, tenant_id: UUID, event: e.StoredEvent, requeued: e.ArtifactRequeued
) -> None:
    """With the parameters of this request, the installation's own where it names none."""
    if requeued.kind in ON_REQUEST:
        await _create_jobs(tx, tenant_id, event, [requeued.kind])
    await _requeue(tx, event.session_id, [requeued.kind], event.created_at, timedelta())
    parameters = msgspec.to_builtins(Parameters(model=requeued.model))
    await tx.execute(
        sa.update(jobs).where(jobs.c.id == requeued.job_id).values(parameters=parameters)
    )


async def _cancel(tx: Transaction, cancelled: e.ArtifactCancelled, at: datetime) -> None:
    """Parked, and without a lease: whoever works on it can report nothing any more."""
    await tx.execute(
        sa.update(jobs)
        .where(jobs.c.id == cancelled.job_id)
        .values(
            state="parked",
            lease_token=None,
            lease_expires_at=None,
            error=f"Cancelled by {cancelled.name}.",
            updated_at=at,
        )
    )


async def _add(
    tx: Transaction, tenant_id: UUID, event: e.StoredEvent, added: e.RecordingAdded
) -> None:
    row = {
        "id": added.recording_id,
        "tenant_id": tenant_id,
        "session_id": event.session_id,
        "created_at": event.created_at,
        "participant_id": added.participant_id,
        "kind": added.kind,
        "key": added.key,
        "mime_type": added.mime_type,
        "started_at_unix_ms": added.started_at_unix_ms,
    }
    await tx.execute(insert(recordings).values(row).on_conflict_do_nothing())


async def _caption(
    tx: Transaction, tenant_id: UUID, event: e.StoredEvent, caption: e.CaptionFinalized
) -> None:
    row = {
        "tenant_id": tenant_id,
        "session_id": event.session_id,
        "sequence": event.sequence,
        **{name: getattr(caption, name) for name in caption.__struct_fields__},
        "words": msgspec.to_builtins(caption.words),
    }
    await tx.execute(insert(captions).values(row).on_conflict_do_nothing())


async def _version(
    tx: Transaction, tenant_id: UUID, event: e.StoredEvent, completed: e.ArtifactCompleted
) -> None:
    """The session's row is locked, so that nobody counts at the same time."""
    own = (versions.c.session_id == event.session_id) & (versions.c.kind == completed.kind)
    last = await tx.scalar(sa.select(sa.func.max(versions.c.version)).where(own))
    row = {
        "tenant_id": tenant_id,
        "session_id": event.session_id,
        "kind": completed.kind,
        "version": (last or 0) + 1,
        "key": completed.key,
        "provenance": completed.provenance,
        "created_at": event.created_at,
    }
    await tx.execute(insert(versions).values(row))


async def _forget(tx: Transaction, session_id: UUID) -> None:
    """All that was made holds the redacted words; it is made again without them, and its objects go as that is done."""
    for table in (artifacts, replays, versions):
        await tx.execute(sa.delete(table).where(table.c.session_id == session_id))


async def _artifact(
    tx: Transaction, tenant_id: UUID, event: e.StoredEvent, completed: e.ArtifactCompleted
) -> None:
    made = {
        "id": event.id,
        "data_key": completed.key,
        "provenance": completed.provenance,
        "created_at": event.created_at,
    }
    row = {
        "tenant_id": tenant_id,
        "session_id": event.session_id,
        "type": completed.kind,
        **made,
    }
    await tx.execute(
        insert(artifacts)
        .values(row)
        .on_conflict_do_update(index_elements=["session_id", "type"], set_=made)
    )


async def _replay(
    tx: Transaction, tenant_id: UUID, event: e.StoredEvent, completed: e.ArtifactCompleted
) -> None:
    made = {
        "id": event.id,
        "metadata_json": {"key": completed.key, "provenance": completed.provenance},
        "created_at": event.created_at,
    }
    row = {"tenant_id": tenant_id, "session_id": event.session_id, **made}
    await tx.execute(
        insert(replays).values(row).on_conflict_do_update(index_elements=["session_id"], set_=made)
    )
