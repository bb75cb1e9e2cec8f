"""The replay of a class, put together from its log, its jobs and what they made; it works while they are still at it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.auth.domain import STAFF, Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.core.hls.film import read_films
from orchestrator.core.hls.programme import PLAYLIST, read_playlist, recording_key
from orchestrator.core.storage import Storage
from orchestrator.recordings import domain
from orchestrator.recordings.tables import artifacts, jobs, recordings, replays
from orchestrator.sessions import roles, service
from orchestrator.state.recordings import RecordingState
from orchestrator.state.session import SessionState
from schema.errors import NotFound, ReplayNotReady
from schema.jobs import ArtifactKind
from schema.recordings import (
    ArtifactLink,
    Chapter,
    ClassStatistics,
    Highlight,
    JoinedTrack,
    QuizSuggestion,
    RecordingLink,
    Replay,
    SlideLink,
    SlideShown,
    SubtitledFilm,
    Summary,
    TranscriptLink,
    TranscriptSegment,
    Translation,
    TranslationLink,
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
    staff: bool


class Files(msgspec.Struct, frozen=True):
    """What was made of recordings, by recording: object keys of speakers' tracks, and of the playlists of films."""

    tracks: dict[UUID, str]
    films: dict[UUID, list[str]]


class Replays:
    def __init__(
        self,
        database: Database,
        events: EventLog[SessionState],
        storage: Storage,
        kinds: list[ArtifactKind],
    ) -> None:
        """`kinds` are those that people see."""
        self._database = database
        self._events = events
        self._storage = storage
        self._kinds = kinds

    async def get(self, principal: Principal, session_id: UUID, sign: Sign) -> Replay:
        """`sign` makes a link of an object key. Raises NotFound, ReplayNotReady before the end of class."""
        found = await self._find(principal, session_id)
        slides = await self._made(found, "slides", list[SlideShown])
        files = Files(await self._tracks(found), await self._films(found))
        states = {job["kind"]: job["state"] for job in found.jobs}
        unfinished = [r for r in found.state.recordings.values() if r.duration_ms is None]
        return Replay(
            session=found.session,
            state=domain.replay_state(states, found.keys, len(unfinished)),
            recordings=[_recording(r, files, await self._parts(r), sign) for r in _in_order(found)],
            transcript=await self._transcript(found, sign),
            chapters=await self._made(found, "chapters", list[Chapter]) or [],
            highlights=await self._made(found, "highlights", list[Highlight]) or [],
            artifacts=[_artifact(job, found.keys, sign) for job in found.jobs],
            slides=tuple(_slide(slide, sign) for slide in slides or []),
            summary=await self._made(found, "summary", Summary),
            statistics=await self._made(found, "statistics", ClassStatistics),
            quiz=await self._quiz(found),
            translations=await self._translations(found, sign),
        )

    async def _parts(self, recording: RecordingState) -> int:
        """How many MP4 files a recording can be read as."""
        if recording.kind != "programme" or not recording.key.endswith(f"/{PLAYLIST}"):
            return 0
        try:
            playlist = await read_playlist(self._storage, recording.key)
        except NotFound:  # its first segment is not there yet
            return 0
        return len(await read_films(self._storage, recording.key.rpartition("/")[0], playlist))

    async def _find(self, principal: Principal, session_id: UUID) -> Found:
        tenant_id = principal.tenant_id
        async with self._database.transaction(tenant_id) as tx:
            role = await roles.reader(tx, principal, session_id)
            session = await service.get(tx, principal, session_id)
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
        ordered = [rows[kind] for kind in self._kinds if kind in rows]
        return Found(session, state, ordered, keys, role in STAFF)

    async def _made(self, found: Found, kind: ArtifactKind, type: type[T]) -> T | None:  # noqa: A002 msgspec's word
        key = found.keys.get(kind)
        if key is None:
            return None
        return msgspec.json.decode(await self._storage.get(key), type=type)

    async def _transcript(self, found: Found, sign: Sign) -> TranscriptLink:
        segments = await self._made(found, "transcript", list[TranscriptSegment])
        stem = found.keys.get("transcript", "").removesuffix(".json")
        # A transcript that was made before there was plain text has none until it is made again.
        has_text = bool(stem) and await self._storage.exists(f"{stem}.txt")
        document = found.keys.get("document", "").removesuffix(".json")
        return TranscriptLink(
            segments=segments or [],
            vtt_url=sign(f"{stem}.vtt") if stem else None,
            srt_url=sign(f"{stem}.srt") if stem else None,
            txt_url=sign(f"{stem}.txt") if has_text else None,
            docx_url=sign(f"{document}.docx") if document else None,
        )

    async def _translations(self, found: Found, sign: Sign) -> tuple[TranslationLink, ...]:
        made = await self._made(found, "translation", list[Translation])
        key = found.keys.get("translation", "")
        stem = key.removesuffix(".json")
        return tuple(
            TranslationLink(
                language=one.language,
                vtt_url=sign(f"{stem}.{one.language}.vtt"),
                lines_url=sign(key),
            )
            for one in made or []
        )

    async def _tracks(self, found: Found) -> dict[UUID, str]:
        """Object keys of the speakers' tracks that are joined already, by recording."""
        joined = await self._made(found, "tracks", list[JoinedTrack])
        stem = found.keys.get("tracks", "").removesuffix(".json")
        return {track.recording_id: f"{stem}.{track.suffix}" for track in joined or []}

    async def _films(self, found: Found) -> dict[UUID, list[str]]:
        """Object keys of the playlists of films with captions drawn in, by recording."""
        made = await self._made(found, "subtitled", list[SubtitledFilm])
        stem = found.keys.get("subtitled", "").removesuffix(".json")
        keys: dict[UUID, list[str]] = {}
        for film in made or []:
            keys.setdefault(film.recording_id, []).append(f"{stem}.{film.suffix}")
        return keys

    async def _quiz(self, found: Found) -> tuple[QuizSuggestion, ...]:
        """The answers stand in it."""
        made = await self._made(found, "quiz", list[QuizSuggestion]) if found.staff else None
        return tuple(made or [])


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
        found = await tx.execute(
            sa.select(recordings.c.duration_ms).where(recordings.c.key == recording_key(key))
        )
        row = found.first()
    if row is None:
        raise NotFound("There is no such object.")
    return row.duration_ms is not None


def _in_order(found: Found) -> list[RecordingState]:
    """The programme first, then the speakers, each by start; a speaker's own voice is for staff alone, a redacted one's gone."""
    redacted = found.state.captions.redacted
    kept = (r for r in found.state.recordings.values() if r.participant_id not in redacted)
    return sorted(
        (r for r in kept if found.staff or r.kind == "programme"),
        key=lambda r: (r.kind != "programme", r.started_at_unix_ms),
    )


def _recording(recording: RecordingState, made: Files, parts: int, sign: Sign) -> RecordingLink:
    """A speaker's track is its joined file once there is one, until then its segments one after the other."""
    key = recording.key
    if recording.kind == "speaker":
        key = made.tracks.get(recording.id, f"{key}/{domain.WHOLE_TRACK}")
    return RecordingLink(
        id=recording.id,
        kind=recording.kind,
        participant_id=recording.participant_id,
        url=sign(key),
        mime_type=recording.mime_type,
        started_at=datetime.fromtimestamp(recording.started_at_unix_ms / 1000, UTC),
        duration_ms=recording.duration_ms or 0,
        download_urls=tuple(sign(domain.film_key(recording.key, n)) for n in range(1, parts + 1)),
        subtitled_urls=tuple(
            sign(domain.film_key(film, 1)) for film in made.films.get(recording.id, [])
        ),
    )


def _slide(slide: SlideShown, sign: Sign) -> SlideLink:
    return SlideLink(
        start_ms=slide.start_ms,
        end_ms=slide.end_ms,
        title=slide.title,
        text=slide.text,
        url=sign(slide.key),
        thumbnail_url=sign(slide.thumbnail_key),
    )


def _artifact(job: sa.RowMapping, keys: dict[str, str], sign: Sign) -> ArtifactLink:
    key = keys.get(job["kind"])
    return ArtifactLink(
        kind=job["kind"],
        state=job["state"],
        url=sign(key) if key else None,
        error=job["error"],
    )
