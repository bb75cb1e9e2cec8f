"""A control plane with either egress worker behind it: ours as a process, or the model of LiveKit's own."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import msgspec
from livekit.protocol import egress as pb

from orchestrator.cli.stack.ports import free_port
from orchestrator.core.livekit.client import LiveKit
from orchestrator.sessions.domain import room_name
from orchestrator.settings import Secret, Settings
from tests.fakes.egress.worker import Model, model_of_livekit_egress
from tests.live.control.test_reconciler import Events, start_worker, stop
from tests.orchestrator.egress.test_api import choose
from tests.support.school import Caller, School
from tests.support.served import serve
from tests.support.servers import LiveKitServer, livekit_with_webhook
from tests.support.waiting import eventually

EngineName = Literal["lectern", "livekit"]
# A busy machine makes a step slow, never wrong.
PATIENCE_S = 60


class Engine(msgspec.Struct, frozen=True):
    caller: Caller
    school: School
    settings: Settings
    livekit: LiveKitServer
    model: Model | None

    async def destination(self, url: str, key: str) -> str:
        body = {"type": "rtmp", "url": url, "streamKey": key}
        made = await self.caller.post(self.school.teacher, "/api/destinations", body)
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    async def start(self, *destinations: str) -> UUID:
        session_id = await self.caller.new_session(self.school)
        await self.choose(session_id, *destinations)
        started = await self.caller.command("start", self.school.teacher, session_id)
        assert started.status_code == 200, started.text
        return session_id

    async def choose(self, session_id: UUID, *destinations: str) -> None:
        await choose(self.caller, self.school.teacher, session_id, list(destinations))

    async def end(self, session_id: UUID) -> None:
        """Returns when the recording has its length."""
        await self.caller.command("end", self.school.teacher, session_id)
        await self.told(session_id, "recording.completed")

    async def statuses(self, session_id: UUID, wanted: dict[str, str]) -> None:
        """Returns when the API says so of these destinations."""

        async def ask() -> bool:
            reply = await self.caller.get(
                self.school.teacher, f"/api/sessions/{session_id}/destinations"
            )
            said = {item["destinationId"]: item["status"] for item in reply.json()}
            return wanted.items() <= said.items()

        await eventually(ask, PATIENCE_S)

    async def events(self, session_id: UUID) -> Events:
        reply = await self.caller.get(self.school.teacher, f"/api/sessions/{session_id}/events")
        return [item["payload"] for item in reply.json()["items"]]

    async def told(self, session_id: UUID, kind: str, **fields: Any) -> Events:
        """The events of a kind with these fields, once there are any."""

        async def ask() -> Events:
            return [
                event
                for event in await self.events(session_id)
                if event["type"] == kind and fields.items() <= event.items()
            ]

        return await eventually(ask, PATIENCE_S)

    async def records(self, session_id: UUID) -> list[pb.EgressInfo]:
        """What livekit-server lists."""
        livekit = LiveKit(self.settings)
        try:
            return await livekit.list_egress(room_name(session_id))
        finally:
            await livekit.close()


@contextlib.asynccontextmanager
async def running(
    name: EngineName, plain: Settings, school: School, folder: Path
) -> AsyncIterator[Engine]:
    port = free_port()
    with livekit_with_webhook(f"http://127.0.0.1:{port}/api/webhooks/livekit") as livekit:
        settings = msgspec.structs.replace(
            plain,
            port=port,
            livekit_url=livekit.url,
            livekit_api_key=livekit.api_key,
            livekit_api_secret=Secret(livekit.api_secret),
            storage_url=f"file://{folder}/objects",
            egress_engine=name,
            poster_every_s=1,
        )
        async with serve(settings) as caller:
            if name == "livekit":
                async with model_of_livekit_egress(livekit, folder / "objects") as model:
                    yield Engine(caller, school, settings, livekit, model)
            else:
                worker = await start_worker((livekit, settings), folder / "worker.log")
                try:
                    yield Engine(caller, school, settings, livekit, None)
                finally:
                    await stop(worker)
