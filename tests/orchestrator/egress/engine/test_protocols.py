"""RTMP and SRT in one class: ours sends both, LiveKit's own is not asked to."""

import msgspec
import pytest

from orchestrator.egress.engine.protocols import check, family, mixed
from orchestrator.settings import Settings
from schema.errors import ProtocolsMixed
from tests.orchestrator.egress.test_api import choose
from tests.support.school import Caller, School
from tests.support.served import serve

BOTH = ("rtmp://127.0.0.1:19350/live", "srt://127.0.0.1:19351")


def test_rtmp_and_rtmps_are_one_protocol() -> None:
    assert [family(url) for url in ("rtmp://h/a", "rtmps://h/a", "srt://h:9000")] == [
        "rtmp",
        "rtmp",
        "srt",
    ]
    assert not mixed(["rtmp://h/a", "rtmps://h/a"])
    assert not mixed([])
    check("lectern", BOTH)
    with pytest.raises(ProtocolsMixed):
        check("livekit", BOTH)


async def made(caller: Caller, school: School) -> list[str]:
    replies = [
        await caller.post(
            school.teacher,
            "/api/destinations",
            {"type": "rtmp", "url": url, "streamKey": "key-of-the-class"},
        )
        for url in BOTH
    ]
    return [str(reply.json()["id"]) for reply in replies]


async def test_ours_is_given_both(caller: Caller, school: School) -> None:
    ids = await made(caller, school)
    session = await caller.new_session(school)
    assert len(await choose(caller, school.teacher, session, ids)) == 2


async def test_livekits_own_is_given_one_and_a_class_that_begins_with_all_is_told(
    settings: Settings, school: School
) -> None:
    async with serve(msgspec.structs.replace(settings, egress_engine="livekit")) as caller:
        ids = await made(caller, school)
        every = {"destinationsDefault": "all_on"}
        await caller.patch(school.teacher, "/api/users/me/preferences", every)
        path = f"/api/sessions/{await caller.new_session(school)}/destinations"
        shown = (await caller.get(school.teacher, path)).json()
        assert [item["readiness"][0]["code"] for item in shown] == ["protocols_mixed"] * 2
        refused = await caller.post(school.teacher, path, {"destinationIds": ids})
        assert (refused.status_code, refused.json()["code"]) == (409, "protocols_mixed")
        alone = await caller.post(school.teacher, path, {"destinationIds": ids[1:]})
        assert [item["readiness"] for item in alone.json()] == [[]]
