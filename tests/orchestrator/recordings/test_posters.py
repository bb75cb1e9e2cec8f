"""The still that stands for a class."""

from urllib.parse import urlsplit
from uuid import UUID, uuid4

from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.core.storage import Storage
from orchestrator.recordings import projection
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState, evolve
from schema.events import RecordingAdded
from tests.support.school import Caller, School


class Programme:
    """Of one class, told as its log does."""

    def __init__(self, database: Database, settings: Settings, school: School, name: UUID) -> None:
        self._database = database
        self._storage = Storage.from_settings(settings)
        self._log: EventLog[SessionState] = EventLog(SessionState(), evolve, [projection.project])
        self._tenant_id, self._session_id = school.tenant_id, name

    @property
    def folder(self) -> str:
        return f"{self._tenant_id}/{self._session_id}/programme"

    async def begin(self) -> None:
        added = RecordingAdded(
            recording_id=uuid4(),
            kind="programme",
            key=f"{self.folder}/1/index.m3u8",
            mime_type="application/vnd.apple.mpegurl",
            started_at_unix_ms=1000,
        )
        async with self._database.system_transaction() as tx:
            await self._log.append(
                tx, self._tenant_id, self._session_id, "programme", lambda _: [added]
            )

    async def shoot(self, still: str) -> None:
        await self._storage.put(f"{self.folder}/poster.jpeg", still.encode())


async def seen(caller: Caller, school: School, session_id: UUID) -> str | None:
    """What the poster's link opens, None when there is none."""
    reply = await caller.get(school.student, f"/api/sessions/{session_id}/poster")
    assert reply.status_code == 200
    if (url := reply.json()["url"]) is None:
        return None
    link = urlsplit(url)
    picture = await caller.get(None, f"{link.path}?{link.query}")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    return picture.text


async def test_the_newest_still_of_the_programme_is_the_poster(
    caller: Caller, database: Database, settings: Settings, school: School
) -> None:
    session_id = await caller.new_session(school)
    programme = Programme(database, settings, school, session_id)
    assert await seen(caller, school, session_id) is None
    await programme.begin()
    assert await seen(caller, school, session_id) is None
    await programme.shoot("first")
    assert await seen(caller, school, session_id) == "first"
    await programme.shoot("second")
    assert await seen(caller, school, session_id) == "second"
