"""Cues that only the careful pass heard: corrected by id like any other."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from orchestrator.core.database import Database
from orchestrator.core.storage import Storage
from orchestrator.recordings.domain import job_id
from orchestrator.sessions.domain import participant_id
from orchestrator.settings import Settings
from schema.recordings import TranscriptSegment, TranscriptWord
from tests.orchestrator.recordings.reports import Agent, bring_on, caption
from tests.support.school import Caller, School

HEARD = "A valley terrarium."
MENDED = "A valetudinarian."


class Ended:
    """A class with one live cue, whose transcript has one more of the careful pass."""

    def __init__(self, caller: Caller, school: School, agent: Agent, database: Database) -> None:
        self.caller = caller
        self.school = school
        self.agent = agent
        self.database = database
        self.id = UUID(int=0)

    async def hold(self, storage: Storage) -> None:
        self.id = await self.caller.new_session(self.school)
        await self.caller.command("start", self.school.teacher, self.id)
        self.person = participant_id(self.id, self.school.teacher.user_id)
        await self.agent.captions(self.id, caption(1, self.person, "Emma was handsome."))
        await self.caller.command("end", self.school.teacher, self.id)
        word = TranscriptWord(start_ms=2_000, end_ms=2_400, text="A")
        spoken = TranscriptSegment(
            id="SG_careful",
            participant_id=self.person,
            speaker="Teacher",
            start_ms=2_000,
            end_ms=4_000,
            text=HEARD,
            words=[word],
            language="en",
        )
        await storage.put("transcript.json", msgspec.json.encode([spoken]))
        job = await self.claim("transcript")
        report = {"leaseToken": job["leaseToken"], "key": "transcript.json", "provenance": {}}
        assert (await self.agent.post(f"/jobs/{job['id']}/complete", report)).status_code == 200

    async def claim(self, kind: Any) -> dict[str, Any]:
        await bring_on(self.database, self.id)
        reply = await self.agent.post(f"/jobs/{job_id(self.id, kind)}/claim", {})
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def correct(self, cue: str = "SG_careful", text: str = MENDED) -> httpx.Response:
        path = f"/api/sessions/{self.id}/captions/{cue}"
        return await self.caller.patch(self.school.teacher, path, {"text": text})

    async def log(self) -> list[dict[str, Any]]:
        page = await self.caller.get(self.school.teacher, f"/api/sessions/{self.id}/events")
        return [event["payload"] for event in page.json()["items"]]


@pytest.fixture
async def ended(caller: Caller, school: School, settings: Settings, database: Database) -> Ended:
    ended = Ended(caller, school, Agent(caller, settings), database)
    await ended.hold(Storage.from_settings(settings))
    return ended


async def test_its_correction_is_an_event_and_what_was_heard_stays(ended: Ended) -> None:
    reply = await ended.correct()
    assert reply.status_code == 200, reply.text
    cue = reply.json()
    assert (cue["text"], cue["original"], cue["language"]) == (MENDED, HEARD, "en")
    assert (await ended.correct(text=MENDED.upper())).json()["original"] == HEARD
    told = [e for e in await ended.log() if e.get("segmentId") == "SG_careful"]
    assert [(e["type"], e["text"]) for e in told] == [
        ("caption.finalized", HEARD),
        ("caption.corrected", MENDED),
        ("caption.corrected", MENDED.upper()),
    ]
    assert told[0]["endUnixMs"] - told[0]["startUnixMs"] == 2_000


async def test_the_transcript_is_made_again_with_it(ended: Ended) -> None:
    await ended.correct()
    job = await ended.claim("transcript")
    assert "SG_careful" in job["input"]["corrected"]
    (cue,) = [c for c in job["input"]["captions"] if c["segmentId"] == "SG_careful"]
    assert cue["text"] == MENDED


async def test_a_refused_correction_leaves_no_trace(ended: Ended) -> None:
    before = await ended.log()
    assert (await ended.correct(text=" ")).status_code == 422
    assert (await ended.correct(cue=f"SG_{uuid4().hex}")).status_code == 404
    path = f"/api/sessions/{ended.id}/captions/SG_careful"
    refused = await ended.caller.patch(ended.school.student, path, {"text": "Mine."})
    assert refused.status_code == 403
    assert await ended.log() == before


async def test_the_page_knows_whose_lines_are_ones_own(
    ended: Ended,
) -> None:
    path = f"/api/sessions/{ended.id}/captions/settings"
    options = (await ended.caller.get(ended.school.teacher, path)).json()
    assert options["participantId"] == str(ended.person)
    assert (await ended.caller.get(ended.school.student, path)).json()["mayCorrect"] is False


async def test_a_class_whose_course_has_no_captions_is_not_heard_again(ended: Ended) -> None:
    path = f"/api/courses/{ended.school.course_id}/captions"
    off = {
        "enabled": False,
        "language": "",
        "glossary": [],
        "maskProfanity": False,
        "correctors": "staff",
    }
    reply = await ended.caller.write("PUT", ended.school.teacher, path, off)
    assert reply.status_code == 200, reply.text
    (silence,) = (await ended.claim("speech"))["input"]["treatment"]["silent"]
    assert silence["startUnixMs"] == 0


async def test_of_a_redacted_speaker_it_is_gone(ended: Ended) -> None:
    await ended.correct()
    body = {"participantId": str(ended.person)}
    path = f"/api/sessions/{ended.id}/captions/redactions"
    assert (await ended.caller.post(ended.school.teacher, path, body)).status_code == 200
    reply = await ended.correct()
    assert (reply.status_code, reply.json()["code"]) == (409, "speaker_redacted")
    assert "valley" not in str(await ended.log())
