"""A film with the captions in the picture: from the teacher's request to the file."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from orchestrator.core.control_client import ControlClient
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.core.storage import Storage
from orchestrator.recordings import projection
from orchestrator.recordings.domain import job_id
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState, evolve
from pipelines.runner import Runner
from schema.events import RecordingAdded, RecordingCompleted
from tests.orchestrator.recordings.reports import Agent, caption
from tests.pipelines.builders import ORIGIN
from tests.support.captioned import captioned_s
from tests.support.programme import FOLDER, FPS, PROGRAMME, recorded, whole
from tests.support.school import Caller, School
from tests.support.served import serve
from tests.support.waiting import eventually

TEXT = "Gravity pulls the apple to the ground."


@pytest.fixture
async def caller(at_port: Settings, database: Database) -> AsyncIterator[Caller]:
    async with serve(at_port) as caller:
        yield caller


@pytest.fixture
async def runner(caller: Caller, at_port: Settings) -> AsyncIterator[Runner]:
    async with ControlClient(at_port) as control:
        yield Runner(control, Storage.from_settings(at_port), at_port)


class Lesson:
    """A class whose programme was recorded, in which one sentence is said from the third to the fifth second."""

    def __init__(self, caller: Caller, school: School, settings: Settings) -> None:
        self.caller, self.school, self.settings = caller, school, settings

    async def hold(self, database: Database) -> None:
        self.id = await self.caller.new_session(self.school)
        seat = (await self.caller.command("start", self.school.teacher, self.id)).json()
        spoken = caption(1, seat["participant"]["id"], TEXT) | {
            "startUnixMs": ORIGIN + 3_000,
            "endUnixMs": ORIGIN + 5_000,
        }
        await Agent(self.caller, self.settings).captions(self.id, spoken)
        await self._record(database)
        await self.caller.command("end", self.school.teacher, self.id)

    async def _record(self, database: Database) -> None:
        folder = f"{self.school.tenant_id}/{self.id}/programme/1"
        storage = Storage.from_settings(self.settings)
        for key, content in recorded().items():
            await storage.put(key.replace(FOLDER, folder), content)
        added = RecordingAdded(
            recording_id=PROGRAMME.id,
            kind="programme",
            key=f"{folder}/index.m3u8",
            mime_type=PROGRAMME.mime_type,
            started_at_unix_ms=ORIGIN,
        )
        over = RecordingCompleted(recording_id=PROGRAMME.id, duration_ms=9_000)
        log: EventLog[SessionState] = EventLog(SessionState(), evolve, [projection.project])
        async with database.system_transaction() as tx:
            tenant = self.school.tenant_id
            await log.append(tx, tenant, self.id, "programme", lambda _: [added, over])

    async def board(self) -> dict[str, Any]:
        reply = await self.caller.get(self.school.teacher, f"/api/sessions/{self.id}/artifacts")
        return {line["kind"]: line for line in reply.json()["items"]}

    async def ask(self, who: Any, verb: str = "retry", kind: str = "subtitled") -> Any:
        body: Any = {} if verb == "retry" else None
        return await self.caller.post(who, f"/api/sessions/{self.id}/artifacts/{kind}/{verb}", body)

    async def made(self, runner: Runner, kind: str) -> dict[str, Any]:
        """As the worker makes it once it is due."""

        async def done() -> bool:
            await runner.run(str(job_id(self.id, kind)))
            return bool((await self.board())[kind]["state"] == "done")

        await eventually(done, within_s=60)
        line: dict[str, Any] = (await self.board())[kind]
        return line

    async def films(self) -> list[str]:
        replay = (await self.caller.get(self.school.teacher, f"/api/replays/{self.id}")).json()
        urls: list[str] = replay["recordings"][0]["subtitledUrls"]
        return urls

    async def process(self, key: str, **more: Any) -> Any:
        replay = (await self.caller.get(self.school.teacher, f"/api/replays/{self.id}")).json()
        url = replay["recordings"][0]["url"]
        body = {"sessionId": str(self.id), "recordingUrl": url, "idempotencyKey": key} | more
        headers = {"Authorization": f"Bearer {self.settings.internal_token.reveal()}"}
        return await self.caller.http.post("/api/artifacts/process", json=body, headers=headers)


@pytest.fixture
async def lesson(caller: Caller, school: School, at_port: Settings, database: Database) -> Lesson:
    lesson = Lesson(caller, school, at_port)
    await lesson.hold(database)
    return lesson


async def test_a_teacher_asks_for_the_film_and_downloads_it(
    lesson: Lesson, runner: Runner, school: School, database: Database
) -> None:
    assert (await lesson.board())["subtitled"]["state"] == "offered"
    await lesson.ask(school.teacher, kind="transcript")
    assert (await lesson.board())["subtitled"]["state"] == "offered"
    asked = await lesson.ask(school.teacher)
    assert (asked.status_code, asked.json()["state"]) == (200, "queued")
    assert asked.json()["waitsFor"] == ["transcript"]
    await lesson.made(runner, "transcript")
    line = await lesson.made(runner, "subtitled")
    assert (line["progress"], line["error"]) == (100, None)
    (url,) = await lesson.films()
    film = await lesson.caller.http.get(url)
    assert (film.status_code, film.headers["content-type"]) == (200, "video/mp4")
    assert captioned_s(film.content, whole()) == [n / FPS for n in range(30, 50)]


async def test_what_is_said_otherwise_later_is_drawn_anew(
    lesson: Lesson, runner: Runner, school: School
) -> None:
    await lesson.ask(school.teacher)
    await lesson.made(runner, "transcript")
    await lesson.made(runner, "subtitled")
    await lesson.ask(school.teacher, kind="transcript")
    line = (await lesson.board())["subtitled"]
    assert (line["state"], line["waitsFor"]) == ("queued", ["transcript"])
    assert len(await lesson.films()) == 1


async def test_who_may_ask_and_for_which_class(
    lesson: Lesson, caller: Caller, school: School, at_port: Settings
) -> None:
    refused = await lesson.ask(school.student)
    assert refused.status_code == 403
    refused = await lesson.ask(school.teacher, "cancel")
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    unrecorded = Lesson(caller, school, at_port)
    unrecorded.id = await caller.new_session(school)
    await caller.command("start", school.teacher, unrecorded.id)
    refused = await unrecorded.ask(school.teacher)
    assert (refused.status_code, refused.json()["code"]) == (409, "replay_not_ready")
    await caller.command("end", school.teacher, unrecorded.id)
    assert "subtitled" not in await unrecorded.board()
    refused = await unrecorded.ask(school.teacher)
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_recorded")


async def test_the_engine_is_asked_for_some_kinds_alone(lesson: Lesson) -> None:
    asked = await lesson.process("p1", kinds=["subtitled"])
    assert (asked.status_code, asked.json()["kinds"]) == (202, ["subtitled"])
    assert (await lesson.process("p1", kinds=["subtitled"])).text == asked.text
    refused = await lesson.process("p1", kinds=["summary"])
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    refused = await lesson.process("p2", kinds=["film"])
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_field")
    assert "subtitled" in (await lesson.process("p3")).json()["kinds"]
