"""What was said, corrections and redactions, as the API, the log and the projections tell them."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from orchestrator.sessions.domain import participant_id
from orchestrator.settings import Settings
from tests.orchestrator.recordings.reports import Agent, caption
from tests.support.school import Caller, Member, School

USUAL = {
    "enabled": True,
    "language": "",
    "glossary": [],
    "maskProfanity": False,
    "correctors": "staff",
}


class Lesson:
    """A live class with everybody in it, in which the teacher and the student have each said something."""

    def __init__(self, caller: Caller, school: School, session_id: UUID) -> None:
        self.caller = caller
        self.school = school
        self.id = session_id
        self.path = f"/api/sessions/{session_id}/captions"

    def person(self, member: Member) -> UUID:
        return participant_id(self.id, member.user_id)

    async def cues(self, after: int = 0, limit: int = 100) -> Any:
        reply = await self.caller.get(
            self.school.student, f"{self.path}?after={after}&limit={limit}"
        )
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def texts(self) -> list[str]:
        return [cue["text"] for cue in (await self.cues())["items"]]

    async def correct(self, who: Member, cue: str, text: str) -> httpx.Response:
        return await self.caller.patch(who, f"{self.path}/{cue}", {"text": text})

    async def redact(self, who: Member, person: Member) -> httpx.Response:
        body = {"participantId": str(self.person(person))}
        return await self.caller.post(who, f"{self.path}/redactions", body)

    async def settle(self, who: Member, **changes: Any) -> httpx.Response:
        return await self.caller.write("PUT", who, f"{self.path}/settings", {**USUAL, **changes})

    async def log(self) -> list[dict[str, Any]]:
        page = await self.caller.get(self.school.student, f"/api/sessions/{self.id}/events")
        return [event["payload"] for event in page.json()["items"]]


@pytest.fixture
def agent(caller: Caller, settings: Settings) -> Agent:
    return Agent(caller, settings)


@pytest.fixture
async def lesson(caller: Caller, school: School, agent: Agent) -> Lesson:
    lesson = Lesson(caller, school, await caller.new_session(school))
    await caller.command("start", school.teacher, lesson.id)
    await caller.command("join", school.student, lesson.id)
    said = caption(1, lesson.person(school.teacher), "Good morning.")
    answer = caption(2, lesson.person(school.student), "Good moaning.")
    assert await agent.captions(lesson.id, said, answer) == 2
    return lesson


async def test_who_comes_late_reads_all_that_was_said_page_by_page(lesson: Lesson) -> None:
    first = await lesson.cues(limit=1)
    (cue,) = first["items"]
    assert (cue["segmentId"], cue["text"], cue["original"]) == ("SG_1", "Good morning.", None)
    rest = await lesson.cues(after=int(first["nextCursor"]))
    assert [one["text"] for one in rest["items"]] == ["Good moaning."]
    assert "nextCursor" not in rest


async def test_the_newest_page_comes_first_before_the_end(lesson: Lesson, school: School) -> None:
    reply = await lesson.caller.get(school.student, f"{lesson.path}?before={2**31 - 1}&limit=1")
    newest = reply.json()
    older = await lesson.caller.get(school.student, f"{lesson.path}?before={newest['nextCursor']}")
    assert [cue["segmentId"] for cue in newest["items"]] == ["SG_2"]
    assert [cue["segmentId"] for cue in older.json()["items"]] == ["SG_1"]
    assert newest["sequence"] == len(await lesson.log())


async def test_a_correction_shows_and_what_was_heard_stays(lesson: Lesson, school: School) -> None:
    reply = await lesson.correct(school.teacher, "SG_2", " Good morning, Miss. ")
    assert (reply.status_code, reply.json()["text"]) == (200, "Good morning, Miss.")
    await lesson.correct(school.teacher, "SG_2", "Good morning, Mister.")
    cue = (await lesson.cues())["items"][1]
    assert (cue["text"], cue["original"]) == ("Good morning, Mister.", "Good moaning.")
    log = await lesson.log()
    assert [e["text"] for e in log if e["type"] == "caption.corrected"] == [
        "Good morning, Miss.",
        "Good morning, Mister.",
    ]
    assert [e["text"] for e in log if e["type"] == "caption.finalized"][1] == "Good moaning."


async def test_a_correction_that_changes_nothing_is_no_event(
    lesson: Lesson, school: School
) -> None:
    await lesson.correct(school.teacher, "SG_1", "Good morning.")
    assert "caption.corrected" not in [event["type"] for event in await lesson.log()]


async def test_the_settings_say_who_may_correct(lesson: Lesson, school: School) -> None:
    own, anothers = (school.student, "SG_2"), (school.student, "SG_1")
    assert (await lesson.correct(*own, "Mine.")).status_code == 403
    assert (await lesson.settle(school.teacher, correctors="speakers")).status_code == 200
    assert (await lesson.correct(*own, "Mine.")).status_code == 200
    assert (await lesson.correct(*anothers, "Mine.")).status_code == 403
    await lesson.settle(school.teacher, correctors="everyone")
    assert (await lesson.correct(*anothers, "Ours.")).status_code == 200


async def test_another_classes_cue_is_not_there(
    lesson: Lesson, caller: Caller, school: School, agent: Agent
) -> None:
    other = await caller.new_session(school)
    await caller.command("start", school.teacher, other)
    await agent.captions(other, caption(7, participant_id(other, school.teacher.user_id), "Hm."))
    reply = await lesson.correct(school.teacher, "SG_7", "Hum.")
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
async def test_a_correction_has_a_text(lesson: Lesson, school: School, text: str) -> None:
    reply = await lesson.correct(school.teacher, "SG_1", text)
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid_field")


async def test_a_redacted_speaker_is_read_nowhere_any_more(
    lesson: Lesson, school: School, agent: Agent
) -> None:
    await lesson.correct(school.teacher, "SG_2", "Corrected words.")
    assert (await lesson.redact(school.student, school.student)).status_code == 403
    assert (await lesson.redact(school.teacher, school.student)).status_code == 200
    assert await lesson.texts() == ["Good morning."]
    assert "Good moaning" not in str(await lesson.log())
    assert "Corrected words" not in str(await lesson.log())
    reply = await lesson.correct(school.teacher, "SG_2", "Back again.")
    assert (reply.status_code, reply.json()["code"]) == (409, "speaker_redacted")
    later = caption(3, lesson.person(school.student), "And another thing.")
    assert await agent.captions(lesson.id, later) == 0


async def test_nobody_is_redacted_who_was_never_there(lesson: Lesson, school: School) -> None:
    body = {"participantId": str(uuid4())}
    reply = await lesson.caller.post(school.teacher, f"{lesson.path}/redactions", body)
    assert reply.status_code == 404


async def test_captions_can_be_corrected_after_the_class(lesson: Lesson, school: School) -> None:
    await lesson.caller.command("end", school.teacher, lesson.id)
    assert (await lesson.correct(school.teacher, "SG_2", "Good morning.")).status_code == 200
    assert await lesson.texts() == ["Good morning.", "Good morning."]
