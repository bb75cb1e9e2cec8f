"""The replay of a class, put together from its log, its jobs and what they made; it works while they are still at it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.core.storage import Storage
from orchestrator.recordings import domain
from orchestrator.recordings.tables import artifacts, jobs, recordings, replays
from orchestrator.sessions import service as sessions
from orchestrator.state.recordings import RecordingState
from orchestrator.state.session import SessionState
from schema.errors import NotFound, ReplayNotReady
from schema.jobs import ArtifactKind
from schema.recordings import (
    ArtifactLink,
    Chapter,
    Highlight,
    RecordingLink,
    Replay,
    ReplayManifest,
    TranscriptLink,
    TranscriptSegment,
)
from schema.sessions import Session

T = TypeVar("T")
Sign = Callable[[str], str]


class Found(msgspec.Struct, frozen=True):
    """All that the database knows of a replay; `keys` are the object keys of finished artifacts."""

    session: Session
    state: SessionState
    jobs: list[sa.RowMapping]
    keys: dict[str, str]


class Replays:
    def __init__(
        self, database: Database, events: EventLog[SessionState], storage: Storage
    ) -> None:
        self._database = database
        self._events = events
        self._storage = storage

    async def get(self, principal: Principal, session_id: UUID, sign: Sign) -> Replay:
        """`sign` makes a link of an object key. Raises NotFound, ReplayNotReady before the end of class."""
        found = await self._find(principal, session_id)
        transcript = await self._made(found, "transcript", list[TranscriptSegment])
        chapters = await self._made(found, "chapters", list[Chapter])
        highlights = await self._made(found, "highlights", list[Highlight])
        manifest = await self._made(found, "replay", ReplayManifest)
        stem = found.keys.get("transcript", "").removesuffix(".json")
        # A transcript that was made before there was plain text has none until it is made again.
        has_text = bool(stem) and await self._storage.exists(f"{stem}.txt")
        tracks = _tracks(manifest, found.keys)
        unfinished = [r for r in found.state.recordings.values() if r.duration_ms is None]
        return Replay(
            session=found.session,
            state=domain.replay_state([job["state"] for job in found.jobs], len(unfinished)),
            recordings=[
                _recording(r, tracks, await self._files(r), sign) for r in _in_order(found.state)
            ],
            transcript=_transcript(transcript or [], stem, sign, has_text=has_text),
            chapters=chapters or [],
            highlights=highlights or [],
            artifacts=[_artifact(job, found.keys, sign) for job in found.jobs],
        )

    async def _files(self, recording: RecordingState) -> int:
        """How many MP4 files a recording can be read as."""
        if recording.kind != "programme" or not recording.key.endswith(f"/{domain.PLAYLIST}"):
            return 0
        try:
            playlist = await self._storage.get(recording.key)
        except NotFound:  # its first segment is not there yet
            return 0
        return len(domain.runs(playlist.decode()))

    async def _find(self, principal: Principal, session_id: UUID) -> Found:
        tenant_id = principal.tenant_id
        async with self._database.transaction(tenant_id) as tx:
            await sessions.reader(tx, principal, session_id)
            session = await sessions.get(tx, principal, session_id)
            if session.status != "ended":
                raise ReplayNotReady(
                    "The replay comes when the class is over.", {"status": session.status}
                )
            state = await self._events.state(tx, session_id)
            found = await tx.execute(
                sa.select(jobs).where(
                    jobs.c.session_id == session_id, jobs.c.tenant_id == tenant_id
                )
            )
            rows = {row["kind"]: row for row in found.mappings()}
            keys = await _keys(tx, tenant_id, session_id)
        ordered = [rows[kind] for kind in domain.NEEDS if kind in rows]
        return Found(session, state, ordered, keys)

    async def _made(self, found: Found, kind: ArtifactKind, type: type[T]) -> T | None:  # noqa: A002 msgspec's word
        key = found.keys.get(kind)
        if key is None:
            return None
        return msgspec.json.decode(await self._storage.get(key), type=type)


async def _keys(tx: Transaction, tenant_id: UUID, session_id: UUID) -> dict[str, str]:
    """The object keys of what is made, by kind."""
    made = await tx.execute(
        sa.select(artifacts.c.type, artifacts.c.data_key).where(
            artifacts.c.session_id == session_id, artifacts.c.tenant_id == tenant_id
        )
    )
    keys = {row.type: row.data_key for row in made}
    manifest = await tx.scalar(
        sa.select(replays.c.metadata_json["key"].astext).where(
            replays.c.session_id == session_id, replays.c.tenant_id == tenant_id
        )
    )
    return keys if manifest is None else keys | {"replay": manifest}


async def is_over(database: Database, key: str) -> bool:
    """Whether the recording with this playlist will not grow any more. Raises NotFound for a key of no recording."""
    tenant_id = UUID(key.partition("/")[0])
    async with database.transaction(tenant_id) as tx:
        found = await tx.execute(sa.select(recordings.c.duration_ms).where(recordings.c.key == key))
        row = found.first()
    if row is None:
        raise NotFound("There is no such object.")
    return row.duration_ms is not None


def _in_order(state: SessionState) -> list[RecordingState]:
    """The programme first, then the speakers, each by start."""
    return sorted(
        state.recordings.values(), key=lambda r: (r.kind != "programme", r.started_at_unix_ms)
    )


def _tracks(manifest: ReplayManifest | None, keys: dict[str, str]) -> dict[UUID, str]:
    """Object keys of the speakers' tracks that are joined already, by recording."""
    if manifest is None:
        return {}
    stem = keys["replay"].removesuffix(".json")
    return {name: f"{stem}.{name}.ogg" for name in manifest.tracks}


def _recording(
    recording: RecordingState, tracks: dict[UUID, str], files: int, sign: Sign
) -> RecordingLink:
    """A speaker's track is its joined file once there is one, until then its segments one after the other."""
    key = recording.key
    folder = key.rpartition("/")[0]
    if recording.kind == "speaker":
        key = tracks.get(recording.id, f"{key}/{domain.WHOLE_TRACK}")
    return RecordingLink(
        id=recording.id,
        kind=recording.kind,
        participant_id=recording.participant_id,
        url=sign(key),
        mime_type=recording.mime_type,
        started_at=datetime.fromtimestamp(recording.started_at_unix_ms / 1000, UTC),
        duration_ms=recording.duration_ms or 0,
        download_urls=tuple(sign(f"{folder}/programme-{n}.mp4") for n in range(1, files + 1)),
    )


def _transcript(
    segments: list[TranscriptSegment], stem: str, sign: Sign, *, has_text: bool
) -> TranscriptLink:
    """`stem` is the transcript's object key without its suffix, empty when there is none yet."""
    return TranscriptLink(
        segments=segments,
        vtt_url=sign(f"{stem}.vtt") if stem else None,
        srt_url=sign(f"{stem}.srt") if stem else None,
        txt_url=sign(f"{stem}.txt") if has_text else None,
    )


def _artifact(job: sa.RowMapping, keys: dict[str, str], sign: Sign) -> ArtifactLink:
    key = keys.get(job["kind"])
    return ArtifactLink(
        kind=job["kind"],
        state=job["state"],
        url=sign(key) if key else None,
        error=job["error"],
    )
