"""Without CPU for one more programme that is said at once; where nothing is known, LiveKit is asked."""

from collections.abc import AsyncIterator

import msgspec
import pytest
from redis.asyncio import Redis

from orchestrator.cli.stack.ports import free_port
from orchestrator.egress.engine.admission import NO_ROOM, TOO_LARGE, Admission, refusal
from orchestrator.settings import Secret, Settings
from schema.egress import WORKER_KEY, WorkerBeat
from schema.quality import QUALITIES, Quality
from tests.orchestrator.egress.test_api import choose, new_destination
from tests.support.school import Caller, School
from tests.support.waiting import eventually

FREE = WorkerBeat(takes=frozenset(QUALITIES), running=0)
FULL = WorkerBeat(takes=frozenset(), running=3)
SMALL = WorkerBeat(takes=frozenset({"720p30"}), running=1)


@pytest.mark.parametrize(
    ("beats", "quality", "reason"),
    [
        ([], "720p30", None),
        ([FULL], "720p30", NO_ROOM),
        ([FULL, FULL], "720p30", NO_ROOM),
        ([FULL, FREE], "1080p60", None),
        ([FULL, SMALL], "720p30", None),
        ([FULL, SMALL], "1080p60", TOO_LARGE),
    ],
)
def test_only_workers_that_all_say_no_refuse(
    beats: list[WorkerBeat], quality: Quality, reason: str | None
) -> None:
    assert refusal("lectern", quality, beats) == reason
    assert refusal("livekit", quality, beats) is None


@pytest.fixture
async def full(settings: Settings) -> AsyncIterator[None]:
    """One worker, and that has no room."""
    redis: Redis = Redis.from_url(settings.redis_url.reveal())
    key = f"{WORKER_KEY}of-this-test"
    await redis.set(key, msgspec.json.encode(FULL), ex=60)
    yield
    await redis.delete(key)
    await redis.aclose()


@pytest.mark.usefixtures("full")
async def test_a_class_without_capacity_says_so_long_before_livekit_would(
    caller: Caller, school: School
) -> None:
    name = await new_destination(caller, school.teacher, "one")
    session_id = await caller.new_session(school)
    path = f"/api/sessions/{session_id}/destinations"
    await choose(caller, school.teacher, session_id, [name])
    await caller.command("start", school.teacher, session_id)

    async def reason() -> bool:
        (one,) = (await caller.get(school.teacher, path)).json()
        return bool(one["reason"] == NO_ROOM)

    await eventually(reason)
    refused = await caller.post(school.teacher, f"{path}/{name}/retry", None)
    assert (refused.status_code, refused.json()["code"]) == (503, "egress_at_capacity")
    assert refused.headers["Retry-After"]
    # `lectern bench programme refusal` measures how soon. LiveKit, which needs 22 s, would have been noted as asked.
    events = (await caller.get(school.teacher, f"/api/sessions/{session_id}/events")).json()
    told = [item["payload"] for item in events["items"]]
    changes = [one for one in told if one["type"] == "destination.changed"]
    assert [one["status"] for one in changes[:2]] == ["connecting", "retrying"]
    assert changes[1]["reason"] == NO_ROOM
    assert not [one for one in told if one["type"].startswith("egress.")]


async def test_a_bus_that_is_away_refuses_nobody(settings: Settings) -> None:
    away = Secret(f"redis://127.0.0.1:{free_port()}/0")
    admission = Admission(msgspec.structs.replace(settings, redis_url=away))
    assert await admission.refusal("720p30") is None
    await admission.close()
