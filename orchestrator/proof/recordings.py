"""Recordings, captions, and what is made of them."""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import asdict

from orchestrator.core.database import Transaction
from orchestrator.proof.facts import Facts, picked, rows_of
from orchestrator.recordings.tables import artifacts, captions, jobs, recordings, replays
from orchestrator.state.recordings import RecordingState
from orchestrator.state.session import SessionState
from schema.events import StoredEvent

RECORDING = tuple(RecordingState.__struct_fields__)
# Who works on a job is no fact of the log.
OPEN = {"queued": "open", "running": "open"}


def folded(state: SessionState, _: Sequence[StoredEvent]) -> Facts:
    return {
        "captions": state.caption_count,
        **{f"recording {found.id}": asdict(found) for found in state.recordings.values()},
        **{f"artifact {kind}": key for kind, key in state.artifacts.items()},
        **{f"job {kind}": standing for kind, standing in state.jobs.items()},
    }


async def stored(tx: Transaction, session_id: UUID) -> Facts:
    recorded = await rows_of(tx, recordings, session_id)
    made = await rows_of(tx, artifacts, session_id)
    packed = await rows_of(tx, replays, session_id)
    to_do = await rows_of(tx, jobs, session_id)
    return {
        "captions": len(await rows_of(tx, captions, session_id)),
        **{f"recording {row['id']}": picked(row, RECORDING) for row in recorded},
        **{f"artifact {row['type']}": row["data_key"] for row in made},
        **({"artifact replay": packed[0]["metadata_json"]["key"]} if packed else {}),
        **{f"job {row['kind']}": OPEN.get(row["state"], row["state"]) for row in to_do},
    }
