"""What can be seen of a class's programme: the still that stands for it, and the class itself while it is live."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest

from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.core.storage import Storage
from orchestrator.recordings import projection
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState, evolve
from schema.events import Event, RecordingAdded, RecordingCompleted
from tests.support.school import Caller, Member, School


class Programme:
    """Of one class, told as its log does."""

    def __init__(self, database: Database, settings: Settings, school: School, name: UUID) -> None:
        self._database = database
        self._storage = Storage.from_settings(settings)
        self._log: EventLog[SessionState] = EventLog(SessionState(), evolve, [projection.project])
        self._tenant_id, self._session_id = school.tenant_id, name
        self._recording_id = uuid4()

    @property
    def folder(self) -> str:
        return f"{self._tenant_id}/{self._session_id}/programme"

    async def begin(self) -> None:
        await self._tell(
            RecordingAdded(
                recording_id=self._recording_id,
                kind="programme",
                key=f"{self.folder}/1/index.m3u8",
                mime_type="application/vnd.apple.mpegurl",
                started_at_unix_ms=1000,
            )
        )

    async def complete(self) -> None:
        await self._tell(RecordingCompleted(recording_id=self._recording_id, duration_ms=1000))

    async def _tell(self, event: Event) -> None:
        async with self._database.system_transaction() as tx:
            await self._log.append(
                tx, self._tenant_id, self._session_id, str(uuid4()), lambda _: [event]
            )

    async def shoot(self, still: str) -> None:
        await self._storage.put(f"{self.folder}/poster.jpeg", still.encode())

    async def record(self, segments: int) -> None:
        """Of two seconds each, as a recorder lists them."""
        lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:2", '#EXT-X-MAP:URI="seg_init.mp4"']
        for number in range(segments):
            lines += ["#EXTINF:2.000000,", f"seg_{number:05d}.m4s"]
        text = "\n".join(lines) + "\n"
        await self._storage.put(f"{self.folder}/1/index.m3u8", text.encode())


@pytest.fixture
async def session_id(caller: Caller, school: School) -> UUID:
    return await caller.new_session(school)


@pytest.fixture
def programme(
    database: Database, settings: Settings, school: School, session_id: UUID
) -> Programme:
    return Programme(database, settings, school, session_id)


async def seen(caller: Caller, school: School, session_id: UUID) -> str | None:
    """What the poster's link opens, None when there is none."""
    reply = await caller.get(school.student, f"/api/sessions/{session_id}/poster")
    assert reply.status_code == 200
    if (url := reply.json()["url"]) is None:
        return None
    picture = await opened(caller, url)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    return str(picture.text)


async def opened(caller: Caller, url: str) -> Any:
    """What anybody gets who has the link."""
    link = urlsplit(url)
    return await caller.get(None, f"{link.path}?{link.query}")


async def live(caller: Caller, who: Member, session_id: UUID) -> Any:
    return await caller.get(who, f"/api/sessions/{session_id}/programme/playlist")


def refusal(reply: Any) -> tuple[int, str, str]:
    problem = reply.json()
    return reply.status_code, problem["code"], problem["details"]["status"]


def named(playlist: str) -> list[str]:
    """The segments, without what signs them."""
    names = (line for line in playlist.splitlines() if line and not line.startswith("#"))
    return [name.partition("?")[0] for name in names]


async def test_the_newest_still_of_the_programme_is_the_poster(
    caller: Caller, school: School, session_id: UUID, programme: Programme
) -> None:
    assert await seen(caller, school, session_id) is None
    await programme.begin()
    assert await seen(caller, school, session_id) is None
    await programme.shoot("first")
    assert await seen(caller, school, session_id) == "first"
    await programme.shoot("second")
    assert await seen(caller, school, session_id) == "second"


async def test_a_live_class_is_watched_by_a_link_until_it_ends(
    caller: Caller, school: School, session_id: UUID, programme: Programme
) -> None:
    assert refusal(await live(caller, school.student, session_id)) == (
        409,
        "not_on_air",
        "scheduled",
    )
    await caller.command("start", school.teacher, session_id)
    await programme.begin()
    assert refusal(await live(caller, school.student, session_id)) == (409, "not_on_air", "live")
    await programme.record(3)
    (student, teacher) = [
        (await live(caller, who, session_id)).json()["url"]
        for who in (school.student, school.teacher)
    ]
    playlist = await opened(caller, student)
    assert named(playlist.text) == [f"seg_{n:05d}.m4s" for n in range(3)]
    assert playlist.headers["cache-control"] == "no-store"
    await programme.record(4_000)
    later = (await opened(caller, teacher)).text
    assert named(later) == [f"seg_{n:05d}.m4s" for n in range(3_970, 4_000)]
    assert "#EXT-X-MEDIA-SEQUENCE:3970\n" in later
    assert "ENDLIST" not in later
    await caller.command("end", school.teacher, session_id)
    assert refusal(await live(caller, school.student, session_id)) == (409, "not_on_air", "ended")
    await programme.complete()
    assert (await opened(caller, student)).text.endswith("#EXT-X-ENDLIST\n")


async def test_the_link_opens_that_window_alone_and_not_for_longer(
    caller: Caller, school: School, session_id: UUID, programme: Programme
) -> None:
    await caller.command("start", school.teacher, session_id)
    await programme.begin()
    await programme.record(3)
    url = (await live(caller, school.student, session_id)).json()["url"]
    for other in ("index.m3u8", "seg_00000.m4s", "programme-1.mp4"):
        assert (await opened(caller, url.replace("live.m3u8", other))).status_code == 403
    path, _, query = url.partition("?exp=")
    expires, _, signature = query.partition("&")
    later = await opened(caller, f"{path}?exp={int(expires) + 1}&{signature}")
    assert later.status_code == 403


async def test_who_is_removed_gets_no_link(
    caller: Caller, school: School, session_id: UUID, programme: Programme
) -> None:
    await caller.command("start", school.teacher, session_id)
    seat = (await caller.command("join", school.student, session_id)).json()
    await programme.begin()
    await programme.record(3)
    assert (await live(caller, school.student, session_id)).status_code == 200
    participant = seat["participant"]["id"]
    removed = await caller.delete(
        school.teacher, f"/api/sessions/{session_id}/participants/{participant}"
    )
    assert removed.status_code == 200, removed.text
    reply = await live(caller, school.student, session_id)
    assert (reply.status_code, reply.json()["code"]) == (403, "participant_removed")
