"""A class with everything real: the control plane, a livekit-server of its own, and the room agent as a program."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from livekit import rtc
from msgspec.structs import replace

from orchestrator.cli.stack.ports import free_port
from orchestrator.core.database import Database
from orchestrator.settings import Secret, Settings
from tests.live.room.conftest import Program, ready, running
from tests.support.rooms import Person
from tests.support.school import Caller, Member, School, found_school
from tests.support.served import serve
from tests.support.servers import LiveKitServer, run_livekit, run_redis


class Stage(msgspec.Struct, frozen=True):
    """`settings` are those of the control plane behind `caller`."""

    settings: Settings
    caller: Caller
    school: School
    livekit: LiveKitServer
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Of the agents' programs."""
        return {
            "PATH": "/usr/bin:/bin",
            "LIVEKIT_URL": self.livekit.url,
            "LIVEKIT_API_KEY": self.livekit.api_key,
            "LIVEKIT_API_SECRET": self.livekit.api_secret,
            "LECTERN_CONTROL_URL": self.settings.control_url,
            "LECTERN_INTERNAL_TOKEN": self.settings.internal_token.reveal(),
            "LECTERN_STORAGE_URL": f"file://{self.folder}/objects",
            "LECTERN_DATA_DIR": str(self.folder),
            "LECTERN_ASR_SOCKET": str(self.folder / "asr.sock"),
            "LECTERN_DRAIN_S": "3",
        }

    @asynccontextmanager
    async def agent(self) -> AsyncIterator[Program]:
        with running("agents.room", self.environment, self.folder) as program:
            await ready(program)
            yield program

    async def begin(self) -> tuple[UUID, dict[str, Any]]:
        """A live session, and what its teacher got on starting it."""
        session_id = await self.caller.new_session(self.school)
        reply = await self.caller.command("start", self.school.teacher, session_id)
        assert reply.status_code == 200, reply.text
        return session_id, reply.json()

    async def say(self, session_id: UUID, content: str, who: Member | None = None) -> int:
        """Its sequence."""
        body = {"sessionId": str(session_id), "content": content}
        reply = await self.caller.post(who or self.school.teacher, "/api/chat", body)
        assert reply.status_code == 201, reply.text
        return int(reply.json()["sequence"])


@asynccontextmanager
async def seated(seat: dict[str, Any], *, hears: bool = True) -> AsyncIterator[Person]:
    """In the room with the token that the control plane gave; keeps every packet. Who hears nothing costs a third."""
    somebody = Person(UUID(int=0), "")
    options = rtc.RoomOptions(auto_subscribe=hears)
    await somebody.room.connect(seat["livekit"]["url"], seat["livekit"]["token"], options)
    try:
        yield somebody
    finally:
        await somebody.room.disconnect()


def sequences(person: Person) -> list[int]:
    """Of the events that arrived, signs of life left out."""
    packets = [msgspec.json.decode(data) for _, _, data in person.data]
    return [packet["sequence"] for packet in packets if "sequence" in packet]


def senders(person: Person, sequence: int) -> list[str]:
    """Who sent this event, "" for the server."""
    return [
        sender
        for _, sender, data in person.data
        if msgspec.json.decode(data).get("sequence") == sequence
    ]


@pytest.fixture
async def stage(settings: Settings, database: Database) -> AsyncIterator[Stage]:
    password, port = Secret("of-this-test-run"), free_port()
    with tempfile.TemporaryDirectory(prefix="lectern-realtime-") as name:
        folder, webhooks = Path(name), f"http://127.0.0.1:{port}/api/webhooks/livekit"
        with (
            run_redis(folder, password) as redis_port,
            run_livekit(folder, redis_port, password, webhooks) as livekit,
        ):
            changed = replace(
                settings,
                port=port,
                control_url=f"http://127.0.0.1:{port}",
                livekit_url=livekit.url,
                livekit_api_key=livekit.api_key,
                livekit_api_secret=Secret(livekit.api_secret),
            )
            async with serve(changed) as caller:
                school = await found_school(database)
                yield Stage(changed, caller, school, livekit, folder)


async def until(person: Person, sequence: int, within_s: float = 15) -> None:
    await person.until(lambda: sequence in sequences(person), within_s)


async def agent_heard(person: Person) -> None:
    """The room's agent has given a sign of life, and the client knows by now whose it is: the first may come before that."""
    await person.until(lambda: any(sender.startswith("agent-") for _, sender, _ in person.data), 60)


async def quiet(seconds: float) -> None:
    """Long enough for a packet too many to show itself."""
    await asyncio.sleep(seconds)
