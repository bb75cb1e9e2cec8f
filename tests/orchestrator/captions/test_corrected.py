"""What a correction reaches: search finds the right word and not the wrong one, and all that was made of it is made again."""

from uuid import UUID

import msgspec
import pytest

from orchestrator.core.database import Database
from orchestrator.core.storage import Storage
from orchestrator.recordings.domain import job_id
from orchestrator.sessions.domain import participant_id
from orchestrator.settings import Settings
from pipelines.kind import Task
from pipelines.registry import KINDS
from schema.jobs import NEEDS, ArtifactKind, ClaimedJob
from tests.orchestrator.recordings.reports import Agent, bring_on, caption
from tests.support.school import Caller, School

HEARD, MENDED = "The sell wall is thin.", "The cell wall is thin."
EARLY: tuple[ArtifactKind, ...] = ("transcript", "slides", "search")
MADE: tuple[ArtifactKind, ...] = ("transcript", "slides", "chapters", "search", "summary")


class Class:
    """A class in which one cue was heard wrongly; the test is its worker."""

    def __init__(
        self, caller: Caller, school: School, settings: Settings, database: Database
    ) -> None:
        self.caller = caller
        self.school = school
        self.database = database
        self.agent = Agent(caller, settings)
        self.storage = Storage.from_settings(settings)
        self.id = UUID(int=0)

    async def begin(self) -> None:
        self.id = await self.caller.new_session(self.school)
        await self.caller.command("start", self.school.teacher, self.id)
        speaker = participant_id(self.id, self.school.teacher.user_id)
        await self.agent.captions(self.id, caption(1, speaker, HEARD))

    async def end(self) -> None:
        await self.caller.command("end", self.school.teacher, self.id)

    async def correct(self) -> None:
        path = f"/api/sessions/{self.id}/captions/SG_1"
        reply = await self.caller.patch(self.school.teacher, path, {"text": MENDED})
        assert reply.status_code == 200, reply.text

    async def make(self, kind: ArtifactKind) -> None:
        await bring_on(self.database, self.id)
        path = f"/jobs/{job_id(self.id, kind)}"
        claimed = (await self.agent.post(f"{path}/claim", {})).json()
        job = msgspec.convert(claimed, ClaimedJob)
        needed: dict[str, bytes] = {
            need: await self.storage.get(job.input.done[need]) for need in NEEDS[kind]
        }
        key = f"{kind}-{job.attempt}.json"
        await self.storage.put(key, KINDS[kind].make(Task(job.input, needed)).files["json"])
        report = {"leaseToken": job.lease_token, "key": key, "provenance": {}}
        reply = await self.agent.post(f"{path}/complete", report)
        assert reply.status_code == 200, reply.text

    async def found(self, word: str) -> int:
        reply = await self.caller.get(self.school.teacher, f"/api/search?q={word}")
        return len(reply.json()["items"])

    async def states(self) -> dict[str, str]:
        path = f"/api/sessions/{self.id}/artifacts"
        jobs = (await self.caller.get(self.school.teacher, path)).json()["items"]
        return {job["kind"]: job["state"] for job in jobs}


@pytest.fixture
async def lesson(caller: Caller, school: School, settings: Settings, database: Database) -> Class:
    lesson = Class(caller, school, settings, database)
    await lesson.begin()
    return lesson


async def test_a_correction_during_class_is_what_is_found_afterwards(lesson: Class) -> None:
    await lesson.correct()
    await lesson.end()
    for kind in EARLY:
        await lesson.make(kind)
    assert (await lesson.found("cell"), await lesson.found("sell")) == (1, 0)


async def test_a_late_correction_reaches_all_that_was_made(lesson: Class) -> None:
    await lesson.end()
    for kind in MADE:
        await lesson.make(kind)
    assert (await lesson.found("cell"), await lesson.found("sell")) == (0, 1)
    await lesson.correct()
    states = await lesson.states()
    assert {states[kind] for kind in MADE if kind != "slides"} == {"queued"}
    assert states["slides"] == "done", "nobody wrote on those"
    for kind in MADE:
        if kind != "slides":
            await lesson.make(kind)
    assert (await lesson.found("cell"), await lesson.found("sell")) == (1, 0)
