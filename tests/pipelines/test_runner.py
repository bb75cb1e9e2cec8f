"""The runner against a control plane that leases, refuses, falls silent and comes back."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from aiohttp import web
from msgspec.structs import replace

from orchestrator.core.control_client import ControlClient, ControlRefused, ControlUnavailable
from orchestrator.core.storage import Storage
from orchestrator.settings import Secret, Settings
from pipelines.process.making import Workshop
from pipelines.runner import Runner
from schema.agents import Accepted
from schema.errors import ErrorBody
from schema.jobs import ArtifactKind, ClaimedJob, CompleteJob, FailJob, JobRecording, RecordingPart
from schema.recordings import JoinedTrack
from tests.fakes.chat import MODEL, fake_chat
from tests.fakes.openai import KEY
from tests.pipelines.builders import ORIGIN, caption, said, source
from tests.pipelines.process import broken
from tests.support.opus import length_ms, opus

TOKEN = "token-of-the-tests"
JOB = UUID(int=9)
Answer = tuple[int, Any]


class Office:
    """One job over real HTTP; each path can be told what to answer."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, Any]] = []

    async def handle(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        verb = request.path.rpartition("/")[2]
        self.asked.append((verb, await request.json()))
        given = self.answers.get(verb) or [(200, Accepted(accepted=1))]
        status, body = given.pop(0) if len(given) > 1 else given[0]
        return web.Response(
            status=status, body=msgspec.json.encode(body), content_type="application/json"
        )

    def told(self, verb: str) -> list[Any]:
        return [body for asked, body in self.asked if asked == verb]


@pytest.fixture
async def office() -> AsyncIterator[tuple[Office, str]]:
    office = Office()
    app = web.Application()
    app.router.add_post("/{path:.*}", office.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield office, f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def control(office: tuple[Office, str]) -> AsyncIterator[ControlClient]:
    settings = Settings(control_url=office[1], internal_token=Secret(TOKEN))
    async with ControlClient(settings, attempts=2) as control:
        yield control


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.from_settings(Settings(storage_url=f"file://{tmp_path}"))


def claimed(
    kind: ArtifactKind,
    done: dict[str, str] | None = None,
    lease: str = "lease",
    text: str = "Hello.",
    lease_s: int = 60,
) -> Answer:
    job = ClaimedJob(
        id=JOB,
        kind=kind,
        attempt=1,
        lease_token=lease,
        lease_s=lease_s,
        input=source([caption(1, "Ada", 0, 1_000, text)], done=done),
        input_hash="hash",
    )
    return 200, job


async def test_a_job_is_made_stored_and_reported(
    office: tuple[Office, str], control: ControlClient, storage: Storage
) -> None:
    office[0].answers["claim"] = [claimed("transcript")]
    await Runner(control, storage).run(str(JOB))
    (report,) = office[0].told("complete")
    done = msgspec.convert(report, CompleteJob)
    assert done.lease_token == "lease"
    assert done.provenance["inputHash"] == "hash"
    stem = done.key.removesuffix(".json")
    assert b"Hello." in await storage.get(f"{stem}.vtt")
    assert b"Hello." in await storage.get(f"{stem}.srt")
    assert b"Ada: Hello." in await storage.get(f"{stem}.txt")
    said = [beat["progressPercent"] for beat in office[0].told("heartbeat")]
    assert said == sorted(said)
    assert len(said) > 1


async def test_a_cancelled_job_is_given_up_and_nothing_is_stored(
    office: tuple[Office, str], control: ControlClient, storage: Storage
) -> None:
    office[0].answers["claim"] = [claimed("transcript")]
    office[0].answers["heartbeat"] = [(409, ErrorBody(code="job_not_claimable", message="over"))]
    await Runner(control, storage).run(str(JOB))
    assert [verb for verb, _ in office[0].asked] == ["claim", "heartbeat"]
    assert await storage.list("") == []


async def test_who_lost_the_lease_while_storing_cannot_touch_what_came_after(
    office: tuple[Office, str], control: ControlClient, storage: Storage
) -> None:
    """The first worker stores, hangs, and wakes when the job has long been made anew from other words."""
    office[0].answers["claim"] = [claimed("transcript", lease="first")]
    office[0].answers["complete"] = [(409, ErrorBody(code="job_not_claimable", message="over"))]
    await Runner(control, storage).run(str(JOB))
    office[0].answers["claim"] = [claimed("transcript", lease="second", text="Better words.")]
    office[0].answers["complete"] = [(200, Accepted(accepted=1))]
    await Runner(control, storage).run(str(JOB))
    published = office[0].told("complete")[-1]["key"]
    # The first one's write arrives at last, by its own name.
    office[0].answers["claim"] = [claimed("transcript", lease="first")]
    office[0].answers["complete"] = [(409, ErrorBody(code="job_not_claimable", message="over"))]
    await Runner(control, storage).run(str(JOB))
    assert b"Better words." in await storage.get(published)


async def test_a_job_that_somebody_else_has_is_left_alone(
    office: tuple[Office, str], control: ControlClient, storage: Storage
) -> None:
    office[0].answers["claim"] = [(409, ErrorBody(code="job_not_claimable", message="no"))]
    await Runner(control, storage).run(str(JOB))
    assert [verb for verb, _ in office[0].asked] == ["claim"]


async def test_missing_input_is_a_failure_for_a_person(
    office: tuple[Office, str], control: ControlClient, storage: Storage
) -> None:
    office[0].answers["claim"] = [claimed("highlights", {"transcript": "gone.json"})]
    await Runner(control, storage).run(str(JOB))
    failed = msgspec.convert(office[0].told("fail")[0], FailJob)
    assert failed.cause == "final"
    assert office[0].told("complete") == []


async def test_broken_input_does_not_end_the_worker(
    office: tuple[Office, str], control: ControlClient, storage: Storage
) -> None:
    await storage.put("broken.json", b"{")
    office[0].answers["claim"] = [
        claimed("chapters", {"transcript": "broken.json", "slides": "broken.json"})
    ]
    await Runner(control, storage).run(str(JOB))
    assert msgspec.convert(office[0].told("fail")[0], FailJob).cause == "broken"


async def test_a_control_plane_that_hiccups_is_asked_again(
    office: tuple[Office, str], control: ControlClient, storage: Storage
) -> None:
    away = (503, ErrorBody(code="database_unavailable", message="later"))
    office[0].answers["claim"] = [away, claimed("transcript")]
    await Runner(control, storage).run(str(JOB))
    assert len(office[0].told("claim")) == 2
    assert len(office[0].told("complete")) == 1


async def test_a_language_model_that_is_away_is_done_without(
    office: tuple[Office, str], control: ControlClient, storage: Storage
) -> None:
    await storage.put("t.json", msgspec.json.encode([said(0, 5_000, "A cell is a small room.")]))
    await storage.put("c.json", b"[]")
    office[0].answers["claim"] = [
        claimed("summary", {"transcript": "t.json", "chapters": "c.json"})
    ]
    async with fake_chat() as chat:
        chat.status = 503
        settings = Settings(
            language_model_url=chat.url, language_model=MODEL, language_model_key=Secret(KEY)
        )
        await Runner(control, storage, settings).run(str(JOB))
        first = msgspec.convert(office[0].told("complete")[0], CompleteJob)
        chat.status, chat.text = 200, '{"points": [], "keyTerms": [], "actionItems": []}'
        await Runner(control, storage, settings).run(str(JOB))
        second = msgspec.convert(office[0].told("complete")[1], CompleteJob)
    assert first.provenance["method"] == "extractive"
    assert "503" in first.provenance["parameters"]["insteadOf"]["reason"]
    assert (second.provenance["method"], second.provenance["model"]) == ("language model", MODEL)


async def test_the_tracks_of_many_speakers_are_stored_one_by_one(
    office: tuple[Office, str], control: ControlClient, storage: Storage
) -> None:
    await storage.put("tone.ogg", opus(2_000))
    speakers = [spoken(n, "tone.ogg") for n in range(3)]
    status, job = claimed("tracks")
    given = replace(job, input=source([], recordings=speakers))
    office[0].answers["claim"] = [(status, given)]
    await Runner(control, storage).run(str(JOB))
    done = msgspec.convert(office[0].told("complete")[0], CompleteJob)
    tracks = msgspec.json.decode(await storage.get(done.key), type=list[JoinedTrack])
    assert [track.recording_id for track in tracks] == [one.id for one in speakers]
    for track in tracks:
        sound = await storage.get(f"{done.key.removesuffix('.json')}.{track.suffix}")
        assert length_ms(sound) == pytest.approx(2_000, abs=30)


def spoken(n: int, key: str) -> JobRecording:
    return JobRecording(
        id=UUID(int=n),
        kind="speaker",
        key="folder",
        mime_type="audio/ogg",
        started_at_unix_ms=ORIGIN,
        duration_ms=2_000,
        participant_id=UUID(int=n),
        parts=(RecordingPart(key=key, started_at_unix_ms=ORIGIN, duration_ms=2_000),),
    )


AWAY = (503, ErrorBody(code="database_unavailable", message="later"))


async def test_a_control_plane_that_restarts_ends_no_job(
    office: tuple[Office, str], control: ControlClient, storage: Storage
) -> None:
    """It is away for every word of progress, and for the first tries to report what was made."""
    office[0].answers["claim"] = [claimed("transcript", lease_s=0)]
    office[0].answers["heartbeat"] = [AWAY]
    office[0].answers["complete"] = [AWAY, AWAY, AWAY, (200, Accepted(accepted=1))]
    await Runner(control, storage).run(str(JOB))
    assert len(office[0].told("complete")) == 4
    assert office[0].told("fail") == []


async def test_a_job_that_says_nothing_itself_ends_when_it_is_cancelled(
    office: tuple[Office, str], control: ControlClient, storage: Storage
) -> None:
    taken, refused = (
        (200, Accepted(accepted=1)),
        (409, ErrorBody(code="job_not_claimable", message="over")),
    )
    office[0].answers["claim"] = [claimed("transcript", lease_s=1)]
    office[0].answers["heartbeat"] = [taken, refused]
    runner = Runner(control, storage, workshop=Workshop(broken.computing))
    await runner.run(str(JOB))
    assert office[0].told("complete") == office[0].told("fail") == []


async def test_a_store_that_is_away_is_no_failure_of_the_job(
    office: tuple[Office, str], control: ControlClient, tmp_path: Path
) -> None:
    folder = tmp_path / "objects"
    storage = Storage.from_settings(Settings(storage_url=f"file://{folder}"))
    folder.rmdir()
    folder.write_text("no folder any more")
    office[0].answers["claim"] = [claimed("transcript")]
    await Runner(control, storage).run(str(JOB))
    assert msgspec.convert(office[0].told("fail")[0], FailJob).cause == "away"


async def test_refusals_keep_their_code_and_absence_is_told_apart(
    office: tuple[Office, str], control: ControlClient
) -> None:
    office[0].answers["x"] = [(404, ErrorBody(code="not_found", message="nothing"))]
    with pytest.raises(ControlRefused) as refused:
        await control.post("/x", Accepted(accepted=1), Accepted)
    assert (refused.value.code, refused.value.status) == ("not_found", 404)
    office[0].answers["x"] = [(503, ErrorBody(code="database_unavailable", message="later"))]
    with pytest.raises(ControlUnavailable):
        await control.post("/x", Accepted(accepted=1), Accepted)
    nobody = Settings(control_url="http://127.0.0.1:9", internal_token=Secret(TOKEN))
    async with ControlClient(nobody, attempts=1) as client:
        with pytest.raises(ControlUnavailable) as unavailable:
            await client.get("/x", Accepted)
    assert TOKEN not in str(unavailable.value)


async def test_a_transcript_is_translated_by_the_language_model(
    office: tuple[Office, str], control: ControlClient, storage: Storage
) -> None:
    await storage.put("transcript.json", msgspec.json.encode([said(0, 900, "Hello.")]))
    office[0].answers["claim"] = [claimed("translation", {"transcript": "transcript.json"})]
    async with fake_chat() as chat:
        settings = Settings(
            language_model_url=chat.url,
            language_model=MODEL,
            language_model_key=Secret(KEY),
            translate_into="de",
        )
        await Runner(control, storage, settings).run(str(JOB))
        chat.text = '{"lines": ["Hallo."]}'
        await Runner(control, storage, settings).run(str(JOB))
    failed = msgspec.convert(office[0].told("fail")[0], FailJob)
    assert failed.error == "The language model did not answer as asked."
    done = msgspec.convert(office[0].told("complete")[0], CompleteJob)
    assert (done.provenance["model"], done.provenance["parameters"]["languages"]) == (MODEL, ["de"])
    assert b"<v Ada>Hallo.</v>" in await storage.get(f"{done.key.removesuffix('.json')}.de.vtt")
