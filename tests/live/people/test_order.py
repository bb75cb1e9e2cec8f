"""The right to speak in a real room: what the log says is what LiveKit lets people do, also after trouble."""

import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from livekit import rtc

from orchestrator.cli.classroom.seat import Seat
from orchestrator.cli.stack.ports import free_port
from orchestrator.core.database import Database
from orchestrator.settings import Secret, Settings
from schema.sessions import LiveKitAccess
from tests.support.school import Caller, Member, School, bearer, found_school
from tests.support.served import serve
from tests.support.servers import livekit_config, livekit_process, run_redis
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(120)


class Sfu:
    """A livekit-server of this test's own, whose webhooks reach us; it can be stopped and started again."""

    def __init__(self, folder: Path, redis_port: int, password: Secret, webhook_url: str) -> None:
        self._folder = folder
        self._config = livekit_config(redis_port, password, webhook_url)
        self._running = contextlib.ExitStack()
        self.server = self._running.enter_context(livekit_process(folder, self._config))

    def stop(self) -> None:
        self._running.close()

    def start(self) -> None:
        self._running.enter_context(livekit_process(self._folder, self._config))


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def sfu(port: int) -> Iterator[Sfu]:
    with tempfile.TemporaryDirectory(prefix="lectern-order-") as name:
        folder, password = Path(name), Secret("of-this-test-run")
        with run_redis(folder, password) as redis_port:
            url = f"http://127.0.0.1:{port}/api/webhooks/livekit"
            sfu = Sfu(folder, redis_port, password, url)
            yield sfu
            sfu.stop()


class Class:
    def __init__(self, caller: Caller, school: School, session_id: UUID) -> None:
        self.caller = caller
        self.school = school
        self.session_id = session_id

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """As the teacher."""
        reply = await self.caller.http.request(
            method,
            f"/api/sessions/{self.session_id}{path}",
            headers=bearer(self.school.teacher) | {"Idempotency-Key": str(uuid4())},
            json=body,
        )
        assert reply.status_code in {200, 204}, reply.text
        return reply.json() if reply.content else None

    async def join(self, who: Member) -> tuple[str, LiveKitAccess]:
        """The participant's id and the access to the room."""
        reply = await self.caller.command("join", who, self.session_id)
        assert reply.status_code == 200, reply.text
        access = msgspec.convert(reply.json()["livekit"], LiveKitAccess)
        return reply.json()["participant"]["id"], access


@pytest.fixture
async def room(settings: Settings, database: Database, sfu: Sfu, port: int) -> AsyncIterator[Class]:
    school = await found_school(database)
    own = msgspec.structs.replace(
        settings,
        port=port,
        livekit_url=sfu.server.url,
        livekit_api_key=sfu.server.api_key,
        livekit_api_secret=Secret(sfu.server.api_secret),
    )
    async with serve(own) as caller:
        session_id = await caller.new_session(school)
        await caller.command("start", school.teacher, session_id)
        yield Class(caller, school, session_id)


def microphones(watcher: Seat, identity: str) -> list[rtc.RemoteTrackPublication]:
    person = watcher.room.remote_participants.get(identity)
    found = list(person.track_publications.values()) if person else []
    return [track for track in found if track.source == rtc.TrackSource.SOURCE_MICROPHONE]


def until(holds: Callable[[], Any], within_s: float = 15) -> Any:
    async def ask() -> Any:
        return holds()

    return eventually(ask, within_s)


async def test_the_right_to_speak_comes_and_goes(room: Class) -> None:
    pid, access = await room.join(room.school.student)
    _, other = await room.join(room.school.assistant)
    async with Seat(access) as student, Seat(other) as assistant:
        assert not student.room.local_participant.permissions.can_publish
        with pytest.raises(rtc.participant.PublishTrackError):
            await student.open_microphone()
        await room.ask("PATCH", f"/participants/{pid}/permissions", {"publish": ["microphone"]})
        await until(lambda: student.room.local_participant.permissions.can_publish)
        await student.open_microphone()
        await until(lambda: microphones(assistant, pid))
        muted = await room.ask("POST", f"/participants/{pid}/mute", {"source": "microphone"})
        assert muted == {"participantIds": [pid]}
        await until(lambda: microphones(assistant, pid)[0].muted)
        await room.ask("PATCH", f"/participants/{pid}/permissions", {"publish": []})
        await until(lambda: not microphones(assistant, pid))
        assert not student.room.local_participant.permissions.can_publish


async def test_who_is_removed_is_out_and_an_old_token_does_not_help(room: Class) -> None:
    pid, access = await room.join(room.school.student)
    _, other = await room.join(room.school.assistant)
    async with Seat(other) as assistant:
        async with Seat(access) as student:
            await until(lambda: pid in assistant.room.remote_participants)
            await room.ask("DELETE", f"/participants/{pid}")
            await until(lambda: not student.room.isconnected())
        await until(lambda: pid not in assistant.room.remote_participants)
        async with Seat(access) as again:
            await until(lambda: not again.room.isconnected())
        await until(lambda: pid not in assistant.room.remote_participants)


async def test_what_livekit_missed_is_made_up_for(room: Class, sfu: Sfu) -> None:
    pid, access = await room.join(room.school.student)
    sfu.stop()
    await room.ask("PATCH", f"/participants/{pid}/permissions", {"publish": ["camera"]})
    sfu.start()
    async with Seat(access) as student:
        await until(lambda: student.room.local_participant.permissions.can_publish)
        sources = student.room.local_participant.permissions.can_publish_sources
        assert list(sources) == [rtc.TrackSource.SOURCE_CAMERA]
