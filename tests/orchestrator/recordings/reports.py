"""What an agent would report of a class."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.database import Database
from orchestrator.recordings.tables import jobs
from orchestrator.settings import Settings
from tests.support.school import Caller

BEGIN = 1_795_262_000_000


def caption(n: int, participant: UUID | str, text: str) -> dict[str, Any]:
    start = BEGIN + n * 5_000
    return {
        "type": "caption.finalized",
        "segmentId": f"SG_{n}",
        "participantId": str(participant),
        "trackSid": "TR_1",
        "startUnixMs": start,
        "endUnixMs": start + 4_000,
        "text": text,
        "language": "en",
        "words": [
            {"startUnixMs": start, "endUnixMs": start + 500, "text": text.split(maxsplit=1)[0]}
        ],
    }


def segment(tenant: UUID, session: UUID, participant: UUID | str, index: int) -> dict[str, Any]:
    return {
        "participantId": str(participant),
        "trackSid": "TR_1",
        "index": index,
        "key": f"{tenant}/{session}/speakers/{participant}/TR_1/{index:06d}.ogg",
        "startedAtUnixMs": BEGIN + index * 10_000,
        "durationMs": 10_000,
        "sizeBytes": 4,
        "sha256": "00",
    }


async def bring_on(database: Database, session_id: UUID) -> None:
    """The time of a class's jobs, which comes a moment after what they are made from."""
    async with database.system_transaction() as tx:
        waiting = sa.update(jobs).where(jobs.c.session_id == session_id)
        await tx.execute(waiting.values(next_attempt_at=jobs.c.updated_at))


class Agent:
    """Talks to the internal API."""

    def __init__(self, caller: Caller, settings: Settings) -> None:
        self._http = caller.http
        self._headers = {"Authorization": f"Bearer {settings.internal_token.reveal()}"}

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        return await self._http.post(f"/api/internal{path}", json=body, headers=self._headers)

    async def captions(self, session: UUID, *captions: dict[str, Any]) -> int:
        reply = await self.post(f"/sessions/{session}/captions", {"captions": list(captions)})
        assert reply.status_code == 200, reply.text
        return int(reply.json()["accepted"])

    async def segments(self, session: UUID, *segments: dict[str, Any]) -> int:
        reply = await self.post(
            f"/sessions/{session}/speaker-segments", {"segments": list(segments)}
        )
        assert reply.status_code == 200, reply.text
        return int(reply.json()["accepted"])
