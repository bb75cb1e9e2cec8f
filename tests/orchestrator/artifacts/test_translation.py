"""A translated transcript from the job to the replay, where the installation has languages; the test is the worker."""

from uuid import UUID

import msgspec
import pytest
from litestar import Litestar
from msgspec.structs import replace

from orchestrator.app import create_app
from orchestrator.core.database import Database
from orchestrator.core.storage import Storage
from orchestrator.recordings.domain import job_id
from orchestrator.settings import Settings
from schema.jobs import ArtifactKind, artifacts_of
from schema.recordings import TranslatedLine, Translation
from tests.orchestrator.recordings.reports import Agent, bring_on
from tests.support.school import Caller, School

GERMAN = Translation(
    language="de", lines=[TranslatedLine(segment_id="SG_1", source="Hello.", text="Hallo.")]
)


@pytest.fixture
def app(settings: Settings, database: Database) -> Litestar:
    """Nothing is asked of the model here: workers do that."""
    return create_app(
        replace(
            settings,
            language_model_url="http://127.0.0.1:9/v1",
            language_model="small",
            translate_into="de",
        )
    )


async def make(
    caller: Caller, settings: Settings, session_id: UUID, kind: ArtifactKind, key: str
) -> None:
    agent = Agent(caller, settings)
    path = f"/jobs/{job_id(session_id, kind)}"
    job = (await agent.post(f"{path}/claim", {})).json()
    done = {"leaseToken": job["leaseToken"], "key": key, "provenance": {}}
    assert (await agent.post(f"{path}/complete", done)).status_code == 200


async def test_a_replay_offers_its_translations(
    caller: Caller, school: School, settings: Settings, database: Database
) -> None:
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    await caller.command("end", school.teacher, session_id)
    storage = Storage.from_settings(settings)
    stem = f"{artifacts_of(school.tenant_id, session_id, 'translation')}/made"
    await storage.put(f"{stem}.json", msgspec.json.encode([GERMAN]))
    await storage.put(f"{stem}.de.vtt", b"WEBVTT\n")
    await storage.put("transcript.json", b"[]")
    await bring_on(database, session_id)
    await make(caller, settings, session_id, "transcript", "transcript.json")
    board = await caller.get(school.student, f"/api/sessions/{session_id}/artifacts")
    assert "translation" in {line["kind"] for line in board.json()["items"]}
    before = (await caller.get(school.student, f"/api/replays/{session_id}")).json()
    assert before["translations"] == []

    await make(caller, settings, session_id, "translation", f"{stem}.json")
    replay = (await caller.get(school.student, f"/api/replays/{session_id}")).json()
    (german,) = replay["translations"]
    assert german["language"] == "de"
    subtitles = await caller.http.get(german["vttUrl"])
    assert (subtitles.status_code, subtitles.text) == (200, "WEBVTT\n")
    assert subtitles.headers["content-type"].startswith("text/vtt")
    lines = await caller.http.get(german["linesUrl"])
    assert msgspec.json.decode(lines.content, type=list[Translation]) == [GERMAN]
