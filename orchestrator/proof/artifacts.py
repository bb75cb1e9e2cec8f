"""What is made of a class. Who works on a job, how far and with what error, is no fact of the log."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.proof.facts import Facts, columns_of, picked, rows_of
from orchestrator.recordings.domain import job_id
from orchestrator.recordings.tables import artifacts, jobs, replays, versions
from orchestrator.state.session import SessionState
from schema import events as e
from schema.jobs import NEEDS, Parameters

OPEN = {"queued": "open", "running": "open"}


def folded(state: SessionState, events: Sequence[e.StoredEvent]) -> Facts:
    made: Facts = {}
    wanted: dict[str, Facts] = {}
    for event in events:
        match event.payload:
            case e.ArtifactCompleted() as completed:
                _make(made, completed, event)
            case e.CaptionsRedacted():
                made.clear()
            case e.ArtifactRequeued(kind=kind, model=model):
                wanted[kind] = msgspec.to_builtins(Parameters(model=model))
            case _:
                pass
    to_do = {
        f"job {kind}": {
            "id": job_id(events[0].session_id, kind),
            "state": state.jobs[kind],
            "parameters": wanted.get(kind, {}),
        }
        for kind in NEEDS
        if kind in state.jobs
    }
    return made | to_do | {"made": state.artifacts}


async def stored(tx: Transaction, session_id: UUID) -> Facts:
    newest = await rows_of(tx, artifacts, session_id)
    packed = await rows_of(tx, replays, session_id)
    every = await rows_of(tx, versions, session_id)
    to_do = await rows_of(tx, jobs, session_id)
    keys = {row["type"]: row["data_key"] for row in newest}
    replay: Facts = {}
    for row in packed:
        keys["replay"] = row["metadata_json"].get("key")
        replay["artifact replay"] = _named(row) | columns_of(row)
    return {
        "made": keys,
        **replay,
        **{f"artifact {row['type']}": _named(row) | columns_of(row, "type") for row in newest},
        **{
            _version(row["kind"], row["version"]): columns_of(row, "kind", "version")
            for row in every
        },
        **{f"job {row['kind']}": _job(row) for row in to_do},
    }


def _make(made: Facts, completed: e.ArtifactCompleted, event: e.StoredEvent) -> None:
    kind, at = completed.kind, {"created_at": event.created_at}
    content = {"provenance": completed.provenance}
    number = sum(name.startswith(_version(kind, "")) for name in made) + 1
    made[_version(kind, number)] = at | content | {"key": completed.key}
    place = (
        {"metadata_json": content | {"key": completed.key}}
        if kind == "replay"
        else content | {"data_key": completed.key}
    )
    made[f"artifact {kind}"] = at | place | {"id": event.id}


def _version(kind: str, number: object) -> str:
    return f"artifact {kind}, version {number}"


def _named(row: sa.RowMapping) -> Facts:
    """The row has the id of its event, unlike those that are named by it."""
    return picked(row, ("id",))


def _job(row: sa.RowMapping) -> Facts:
    return picked(row, ("id", "parameters")) | {"state": OPEN.get(row["state"], row["state"])}
