"""Order in class over HTTP: who may decide what, and that log, rows and tokens say the same afterwards."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import jwt
import pytest

from orchestrator.core.database import Database
from orchestrator.proof.verify import verify
from orchestrator.sessions.domain import participant_id
from orchestrator.settings import Settings
from tests.support.school import Caller, Member, School, bearer, enrol

SPEAK = {"publish": ["microphone"]}


class Class:
    """A live class with a teacher, an assistant and a student in it."""

    def __init__(self, caller: Caller, school: School, session_id: UUID) -> None:
        self.caller = caller
        self.school = school
        self.session_id = session_id
        self.path = f"/api/sessions/{session_id}"

    def of(self, who: Member) -> UUID:
        return participant_id(self.session_id, who.user_id)

    def member(self, who: Member, rest: str = "") -> str:
        return f"/participants/{self.of(who)}{rest}"

    async def ask(
        self, method: str, who: Member, path: str, body: Any = None, key: str | None = None
    ) -> httpx.Response:
        headers = bearer(who) | {"Idempotency-Key": key or str(uuid4())}
        return await self.caller.http.request(method, self.path + path, headers=headers, json=body)

    async def permit(self, who: Member, target: Member, body: Any) -> httpx.Response:
        return await self.ask("PATCH", who, self.member(target, "/permissions"), body)

    async def join(self, who: Member, key: str | None = None) -> httpx.Response:
        return await self.caller.command("join", who, self.session_id, key)

    async def told(self) -> list[dict[str, Any]]:
        page = await self.caller.get(self.school.teacher, f"{self.path}/events")
        return [item["payload"] for item in page.json()["items"]]

    async def kinds(self) -> list[str]:
        return [event["type"] for event in await self.told()]


@pytest.fixture
async def room(caller: Caller, school: School, database: Database) -> AsyncIterator[Class]:
    """Whatever a test does in it, its rows say what its log says."""
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    for who in (school.assistant, school.student):
        await caller.command("join", who, session_id)
    yield Class(caller, school, session_id)
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []


def refusal(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["code"]


def video(reply: httpx.Response, settings: Settings) -> dict[str, Any]:
    """What the token of a join lets its holder do."""
    secret = settings.livekit_api_secret.reveal()
    claims = jwt.decode(reply.json()["livekit"]["token"], secret, algorithms=["HS256"])
    grants: dict[str, Any] = claims["video"]
    return grants


async def test_a_student_may_send_nothing_until_given_the_right(
    room: Class, school: School, settings: Settings
) -> None:
    before = await room.join(school.student)
    assert before.json()["permissions"] == {"publish": [], "draw": False}
    assert video(before, settings)["canPublish"] is False
    given = await room.permit(
        school.assistant, school.student, {"publish": ["screen_share", "microphone"], "draw": True}
    )
    assert given.status_code == 200
    assert given.json()["permissions"] == {
        "publish": ["microphone", "screen_share"],
        "draw": True,
    }
    after = video(await room.join(school.student), settings)
    assert after["canPublish"] is True
    assert after["canPublishSources"] == ["microphone", "screen_share", "screen_share_audio"]
    assert after["canPublishData"] is False


async def test_what_is_left_out_stays_and_the_same_again_is_no_event(
    room: Class, school: School
) -> None:
    await room.permit(school.teacher, school.student, SPEAK)
    drawing = await room.permit(school.teacher, school.student, {"draw": True})
    assert drawing.json()["permissions"] == {"publish": ["microphone"], "draw": True}
    await room.permit(school.teacher, school.student, {"draw": True, "publish": ["microphone"]})
    assert (await room.kinds()).count("participant.permissions_changed") == 2
    silent = await room.permit(school.teacher, school.student, {"publish": []})
    assert silent.json()["permissions"] == {"publish": [], "draw": True}


async def test_nobody_decides_for_their_like_or_higher(room: Class, school: School) -> None:
    for who, target in (
        (school.teacher, school.teacher),
        (school.assistant, school.teacher),
        (school.assistant, school.assistant),
    ):
        assert refusal(await room.permit(who, target, SPEAK)) == (403, "forbidden")
        removed = await room.ask("DELETE", who, room.member(target))
        assert refusal(removed) == (403, "forbidden")
    assert (await room.permit(school.teacher, school.assistant, {"publish": []})).status_code == 200
    unknown = await room.ask("DELETE", school.teacher, f"/participants/{uuid4()}")
    assert refusal(unknown) == (404, "not_found")


async def test_a_rule_holds_for_all_students_and_for_those_who_come(
    room: Class, school: School, settings: Settings
) -> None:
    ruled = await room.ask("PUT", school.teacher, "/rules", {"studentsMayPublish": True})
    assert ruled.json() == {"studentsMayPublish": True, "locked": False}
    assert video(await room.join(school.student), settings)["canPublishSources"] == [
        "camera",
        "microphone",
    ]
    await room.permit(school.teacher, school.student, {"draw": True})
    await room.ask("PUT", school.teacher, "/rules", {"studentsMayPublish": False})
    again = await room.join(school.student)
    assert again.json()["permissions"] == {"publish": [], "draw": True}
    assert video(await room.join(school.assistant), settings)["canPublish"] is True


async def test_a_rule_can_be_set_before_class(
    caller: Caller, school: School, settings: Settings
) -> None:
    early = Class(caller, school, await caller.new_session(school))
    ruled = await early.ask("PUT", school.teacher, "/rules", {"studentsMayPublish": True})
    assert ruled.status_code == 200
    assert refusal(await early.ask("PUT", school.teacher, "/lock")) == (409, "session_not_live")
    await caller.command("start", school.teacher, early.session_id)
    assert video(await early.join(school.student), settings)["canPublish"] is True


async def test_hands_are_in_order_and_go_down_when_their_owner_may_speak(
    room: Class, school: School
) -> None:
    first = await room.ask("POST", school.student, "/hand")
    again = await room.ask("POST", school.student, "/hand")
    await room.ask("POST", school.assistant, "/hand")
    assert first.json()["handRaisedAt"] == again.json()["handRaisedAt"] is not None
    allowed = await room.permit(school.teacher, school.student, SPEAK)
    assert allowed.json()["handRaisedAt"] is None
    assert (await room.kinds())[-2:] == ["participant.permissions_changed", "hand.lowered"]
    other = await room.ask("DELETE", school.teacher, room.member(school.assistant, "/hand"))
    assert other.json()["handRaisedAt"] is None
    assert (await room.kinds()).count("hand.raised") == 2
    assert (await room.kinds()).count("hand.lowered") == 2


async def test_a_hand_goes_down_by_its_owner_or_with_all_others(
    room: Class, school: School
) -> None:
    await room.ask("POST", school.student, "/hand")
    assert (await room.ask("DELETE", school.student, "/hand")).json()["handRaisedAt"] is None
    await room.ask("POST", school.student, "/hand")
    await room.ask("POST", school.assistant, "/hand")
    assert refusal(await room.ask("DELETE", school.student, "/hands")) == (403, "forbidden")
    assert (await room.ask("DELETE", school.teacher, "/hands")).status_code == 204
    assert (await room.ask("DELETE", school.teacher, "/hands")).status_code == 204
    assert (await room.kinds()).count("hand.lowered") == 3


async def test_only_who_is_in_class_raises_a_hand(room: Class, school: School) -> None:
    assert refusal(await room.ask("POST", school.admin, "/hand")) == (403, "forbidden")
    others = await room.ask("DELETE", school.student, room.member(school.assistant, "/hand"))
    assert refusal(others) == (403, "forbidden")


async def test_who_is_removed_stays_out_until_readmitted(room: Class, school: School) -> None:
    joined = await room.join(school.student, key="the-same-join")
    assert joined.status_code == 200
    await room.ask("POST", school.student, "/hand")
    removed = await room.ask("DELETE", school.teacher, room.member(school.student))
    assert removed.json()["removed"] is True
    assert removed.json()["handRaisedAt"] is None
    for key in (None, "the-same-join"):
        assert refusal(await room.join(school.student, key)) == (403, "participant_removed")
    assert refusal(await room.ask("POST", school.student, "/hand")) == (
        403,
        "participant_removed",
    )
    back = await room.ask("POST", school.teacher, room.member(school.student, "/readmit"))
    assert back.json()["removed"] is False
    assert (await room.join(school.student)).status_code == 200


@pytest.mark.parametrize(
    "what", ["", "/events", "/events/stream", "/state", "/chat", "/questions", "/polls", "/scenes"]
)
async def test_who_is_removed_reads_nothing_of_the_class_while_it_lasts(
    what: str, room: Class, school: School
) -> None:
    async def read() -> tuple[int, str]:
        return refusal(await room.caller.get(school.student, room.path + what))

    await room.ask("DELETE", school.teacher, room.member(school.student))
    assert await read() == (403, "participant_removed")
    assert (await room.caller.get(school.assistant, f"{room.path}/events")).status_code == 200
    await room.caller.command("end", school.teacher, room.session_id)
    if what != "/events/stream":
        assert (await room.caller.get(school.student, room.path + what)).status_code == 200


async def test_a_locked_room_lets_nobody_new_in_but_staff(
    room: Class, school: School, caller: Caller, database: Database
) -> None:
    async with database.system_transaction() as tx:
        late = await enrol(tx, school.tenant_id, "student", school.course_id)
    locked = await room.ask("PUT", school.assistant, "/lock")
    assert locked.json() == {"studentsMayPublish": False, "locked": True}
    assert refusal(await room.join(late)) == (409, "room_locked")
    assert (await room.join(school.student)).status_code == 200
    assert (await room.join(school.admin)).status_code == 200
    await room.ask("DELETE", school.teacher, "/lock")
    assert (await room.join(late)).status_code == 200
    assert [kind for kind in await room.kinds() if kind.startswith("room.")] == [
        "room.locked",
        "room.unlocked",
    ]


async def test_muting_who_has_no_open_track_is_no_event(room: Class, school: School) -> None:
    for path in ("/participants/mute", room.member(school.student, "/mute")):
        muted = await room.ask("POST", school.teacher, path, {"source": "microphone"})
        assert (muted.status_code, muted.json()) == (200, {"participantIds": []})
    wrong = await room.ask("POST", school.teacher, "/participants/mute", {"source": "screen_share"})
    assert wrong.status_code == 422
    assert "participant.muted" not in await room.kinds()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/lock"),
        ("DELETE", "/hands"),
        ("POST", "/participants/mute"),
        ("PUT", "/rules"),
    ],
)
async def test_nothing_is_decided_in_a_class_that_is_over(
    room: Class, school: School, method: str, path: str
) -> None:
    await room.caller.command("end", school.teacher, room.session_id)
    body = {"studentsMayPublish": True} if path == "/rules" else {}
    late = await room.ask(method, school.teacher, path, body)
    assert refusal(late) == (409, "session_over")


async def test_a_teacher_of_another_course_decides_nothing(
    room: Class, school: School, database: Database
) -> None:
    async with database.system_transaction() as tx:
        stranger = await enrol(tx, school.tenant_id, "teacher", uuid4())
    assert refusal(await room.ask("PUT", stranger, "/lock")) == (403, "forbidden")
    assert refusal(await room.permit(stranger, school.student, SPEAK)) == (403, "forbidden")
