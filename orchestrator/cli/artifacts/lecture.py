"""Classes whose words and recordings arrive as a room agent reports them, without anybody there to speak."""

import itertools
import random
import time
from functools import partial
from typing import Any
from uuid import UUID

import aiohttp
import sqlalchemy as sa

from orchestrator.auth.tables import users
from orchestrator.cli.artifacts import tape
from orchestrator.cli.ground import classes
from orchestrator.cli.ground.stack import Ground
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.core.storage import Storage
from orchestrator.courses.seed import TENANT_ID
from orchestrator.sessions.domain import participant_id
from orchestrator.sessions.projection import project
from orchestrator.state.session import SessionState, evolve
from schema.events import Event, ParticipantJoined

CLASSES = itertools.count(4001)
TRACK = "TR_1"
CUE_MS = 5_000
BATCH = 100
# A lecture goes from one subject to the next every ten minutes, each with words of its own among those of all.
SUBJECT_CUES = 120
SUBJECTS = (
    "cell wall membrane nucleus gene plant leaf water root seed",
    "planet moon orbit star light telescope gravity comet sun ring",
    "king war treaty army border empire castle peasant tax crown",
    "number proof theorem prime square angle circle axis curve sum",
    "verse poem rhyme novel author chapter stage actor scene play",
    "market price trade bank loan wage factory tariff export debt",
)
COMMON = (
    "the and this that means when we look at how much there is in it because a part of what next"
)
QUESTION_EVERY = 40
TAPE_MINUTES = 2.0


class Lectures:
    def __init__(self, here: Ground, http: aiohttp.ClientSession) -> None:
        self._here = here
        self._http = http
        self._headers = {"Authorization": f"Bearer {here.settings.internal_token.reveal()}"}
        self._storage = Storage.from_settings(here.settings)
        self._tape = list(tape.segments(tape.reading(TAPE_MINUTES)))

    async def hold(self, hours: float) -> UUID:
        """Live, and all of it said and recorded: it only has to end."""
        database = Database(self._here.settings.database_url, pool_size=2)
        try:
            (session_id,) = await classes.begin(database, next(CLASSES), 1)
            speaker = await _seat(database, session_id)
        finally:
            await database.close()
        begin_ms, long_ms = round(time.time() * 1000), round(hours * 3_600_000)
        cues = [_cue(speaker, begin_ms, n) for n in range(long_ms // CUE_MS)]
        await self._report(session_id, "captions", cues)
        folder = f"{TENANT_ID}/{session_id}/speakers/{speaker}/{TRACK}"
        parts = [
            self._part(speaker, folder, begin_ms, n) for n in range(long_ms // tape.SEGMENT_MS)
        ]
        for number, part in enumerate(parts):
            await self._storage.put(part["key"], self._tape[number % len(self._tape)])
        await self._report(session_id, "segments", parts)
        return session_id

    def _part(self, speaker: UUID, folder: str, begin_ms: int, number: int) -> dict[str, Any]:
        return {
            "participantId": str(speaker),
            "trackSid": TRACK,
            "index": number,
            "key": f"{folder}/{number:06d}.ogg",
            "startedAtUnixMs": begin_ms + number * tape.SEGMENT_MS,
            "durationMs": tape.SEGMENT_MS,
            "sizeBytes": len(self._tape[number % len(self._tape)]),
            "sha256": "",
        }

    async def _report(self, session_id: UUID, what: str, items: list[dict[str, Any]]) -> None:
        route = {"captions": "captions", "segments": "speaker-segments"}[what]
        path = f"/api/internal/sessions/{session_id}/{route}"
        for start in range(0, len(items), BATCH):
            body = {what: items[start : start + BATCH]}
            async with self._http.post(path, headers=self._headers, json=body) as reply:
                reply.raise_for_status()


async def _seat(database: Database, session_id: UUID) -> UUID:
    """Who says it all: somebody of the demo school, in the class."""
    log = EventLog(SessionState(), evolve, [project])
    async with database.transaction(TENANT_ID) as tx:
        user = await tx.scalar(sa.select(users.c.id).where(users.c.tenant_id == TENANT_ID).limit(1))
        speaker = participant_id(session_id, user)
        joined: list[Event] = [
            ParticipantJoined(participant_id=speaker, user_id=user, name="Ada", role="teacher")
        ]
        await log.append(tx, TENANT_ID, session_id, "seat", partial(classes.always, joined))
    return speaker


def _cue(speaker: UUID, begin_ms: int, number: int) -> dict[str, Any]:
    rng = random.Random(number)
    subject = SUBJECTS[number // SUBJECT_CUES % len(SUBJECTS)]
    words = rng.sample(COMMON.split(), 8) + rng.sample(subject.split(), 4)
    rng.shuffle(words)
    end = "." if number % QUESTION_EVERY else "?"
    start_ms = begin_ms + number * CUE_MS
    return {
        "type": "caption.finalized",
        "segmentId": f"SG_{number}",
        "participantId": str(speaker),
        "trackSid": TRACK,
        "startUnixMs": start_ms,
        "endUnixMs": start_ms + CUE_MS - 500,
        "text": " ".join(words).capitalize() + end,
        "language": "en",
        "words": [
            {
                "startUnixMs": start_ms + 350 * n,
                "endUnixMs": start_ms + 350 * n + 300,
                "text": word,
            }
            for n, word in enumerate(words)
        ],
    }
