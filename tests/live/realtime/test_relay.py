"""Every event reaches the room, by its agent or without."""

import signal

import pytest

from orchestrator.realtime.relay.domain import GRACE_S
from tests.live.realtime.conftest import (
    Stage,
    agent_heard,
    quiet,
    seated,
    senders,
    sequences,
    until,
)

pytestmark = pytest.mark.timeout(120)


async def test_an_agent_relays_each_event_once_and_the_server_stays_silent(stage: Stage) -> None:
    # One that is there when the room is made is sent to it at once; a later one has to find it, as below.
    async with stage.agent():
        session_id, seat = await stage.begin()
        async with seated(seat) as teacher:
            await agent_heard(teacher)
            told = [await stage.say(session_id, f"message {number}") for number in range(10)]
            await until(teacher, told[-1])
            await quiet(GRACE_S + 1)
            # The control plane may have said something of its own meanwhile, such as that the programme waits.
            heard = [sequence for sequence in sequences(teacher) if sequence >= told[0]]
            assert heard == list(range(told[0], max(heard) + 1))
            assert {sender for one in heard for sender in senders(teacher, one)} == {
                f"agent-{session_id}"
            }


async def test_without_an_agent_the_server_sends_at_once(stage: Stage) -> None:
    session_id, seat = await stage.begin()
    async with seated(seat) as teacher:
        told = [await stage.say(session_id, f"message {number}") for number in range(3)]
        await until(teacher, told[-1])
        assert [senders(teacher, one) for one in told] == [[""]] * 3


async def test_a_killed_agent_s_room_hears_from_the_server(stage: Stage) -> None:
    session_id, seat = await stage.begin()
    async with seated(seat) as teacher:
        async with stage.agent() as program:
            await agent_heard(teacher)
            # Stopped, not ended: its connections stay open, and only its silence tells.
            halted = [program.process, *program.process.children(recursive=True)]
            for process in halted:
                process.send_signal(signal.SIGSTOP)
            told = [await stage.say(session_id, "silence"), await stage.say(session_id, "more")]
            await until(teacher, told[-1])
            assert [senders(teacher, one) for one in told] == [[""], [""]]
            for process in halted:
                process.send_signal(signal.SIGCONT)
        last = await stage.say(session_id, "after it")
        await until(teacher, last)
        page = await stage.caller.get(
            stage.school.teacher, f"/api/sessions/{session_id}/events?after={told[0] - 1}"
        )
        assert set(sequences(teacher)) >= {item["sequence"] for item in page.json()["items"]}
