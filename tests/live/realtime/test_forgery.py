"""Who is no agent cannot speak for the log: the SFU drops a student's packets, and names the sender of all others."""

import json

import jwt
import pytest
from livekit import api, rtc

from schema.agents import EVENTS_TOPIC
from tests.live.realtime.conftest import Stage, quiet, seated, sequences, until
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(120)

FORGED = [
    {"type": "scene.activated", "sceneId": "00000000-0000-0000-0000-000000000001"},
    {"type": "chat.sent", "content": "I am your teacher", "messageId": "x", "userId": "x"},
    {"type": "poll.closed", "pollId": "00000000-0000-0000-0000-000000000001"},
]


async def forge(room: rtc.Room, first: int) -> None:
    for number, payload in enumerate(FORGED, start=first):
        packet = {"sequence": number, "payload": payload, "id": "x", "sessionId": "x"}
        await room.local_participant.publish_data(
            json.dumps(packet), reliable=True, topic=EVENTS_TOPIC
        )


async def test_a_student_s_packets_go_nowhere(stage: Stage) -> None:
    session_id, seat = await stage.begin()
    joined = await stage.caller.command("join", stage.school.student, session_id)
    async with seated(seat) as teacher, seated(joined.json()) as student:
        await forge(student.room, first=900)
        last = await stage.say(session_id, "the real one")
        await until(teacher, last)
        await quiet(1)
        assert [sequence for sequence in sequences(teacher) if sequence >= 900] == []


async def test_a_teacher_s_packets_come_in_the_teacher_s_own_name(stage: Stage) -> None:
    """The page takes no such packet (web/src/sessions/events/useSessionEvents.test.ts)."""
    session_id, seat = await stage.begin()
    joined = await stage.caller.command("join", stage.school.student, session_id)
    async with seated(joined.json()) as student, seated(seat) as teacher:
        identity = seat["participant"]["id"]

        async def known() -> bool:
            return identity in student.room.remote_participants

        # Until then a client is told no sender.
        await eventually(known)
        await forge(teacher.room, first=900)
        await until(student, 902)
        assert {sender for _, sender, data in student.data if b'"x"' in data} == {identity}
        sender = student.room.remote_participants[identity]
        assert sender.kind == rtc.ParticipantKind.PARTICIPANT_KIND_STANDARD


async def test_nobody_who_is_no_agent_may_hide_and_send(stage: Stage) -> None:
    session_id, seat = await stage.begin()
    others = (stage.school.student, stage.school.assistant, stage.school.admin)
    joined = [(await stage.caller.command("join", who, session_id)).json() for who in others]
    for one in [seat, *joined]:
        grants = jwt.decode(one["livekit"]["token"], options={"verify_signature": False})
        assert not grants["video"].get("hidden")
        assert not grants["video"].get("agent")
        assert grants.get("kind", "standard") == "standard"
    async with (
        api.LiveKitAPI(
            stage.livekit.url, stage.livekit.api_key, stage.livekit.api_secret
        ) as livekit,
        seated(joined[0]),
    ):
        request = api.ListParticipantsRequest(room=seat["livekit"]["room"])
        (student,) = (await livekit.room.list_participants(request)).participants
    assert not student.permission.can_publish_data
    assert not student.permission.hidden
