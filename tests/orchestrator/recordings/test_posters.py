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


class Programmes:
    """The recordings of one class, told as its log does."""

    def __init__(self, database: Database, settings: Settings, school: School, name: UUID) -> None:
        self._database = database
        self._storage = Storage.from_settings(settings)
        self._log: EventLog[SessionState] = EventLog(SessionState(), evolve, [projection.project])
        self._tenant_id, self._session_id = school.tenant_id, name

    def folder(self, attempt: int) -> str:
        return f"{self._tenant_id}/{self._session_id}/programme/{attempt}"

    async def add(self, attempt: int) -> None:
        added = RecordingAdded(
            recording_id=uuid4(),
            kind="programme",
            key=f"{self.folder(attempt)}/index.m3u8",
            mime_type="application/vnd.apple.mpegurl",
            started_at_unix_ms=attempt * 1000,
        )
        async with self._database.system_transaction() as tx:
            await self._log.append(
                tx, self._tenant_id, self._session_id, f"programme {attempt}", lambda _: [added]
            )

    async def shoot(self, attempt: int) -> None:
        await self._storage.put(f"{self.folder(attempt)}/poster.jpeg", f"still {attempt}".encode())


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


async def test_the_newest_programme_that_has_a_still_gives_the_poster(
    caller: Caller, database: Database, settings: Settings, school: School
) -> None:
    session_id = await caller.new_session(school)
    programmes = Programmes(database, settings, school, session_id)
    assert await seen(caller, school, session_id) is None
    await programmes.add(1)
    assert await seen(caller, school, session_id) is None
    await programmes.shoot(1)
    assert await seen(caller, school, session_id) == "still 1"
    await programmes.add(2)
    assert await seen(caller, school, session_id) == "still 1"
    await programmes.shoot(2)
    assert await seen(caller, school, session_id) == "still 2"
