"""Somebody who writes into the chat, and notes when."""

import time
from itertools import cycle
from uuid import UUID, uuid4

import aiohttp
import msgspec

from orchestrator.cli.ground.crowd import Student
from schema.audience import ChatMessage


class Sent(msgspec.Struct, frozen=True):
    """`at_ns` is the system's monotonic clock before the request left: the API cannot have received it earlier."""

    sequence: int
    at_ns: int


class Voice:
    """The students in turn, so that no limit on one of them matters."""

    def __init__(self, http: aiohttp.ClientSession, session_id: UUID, crowd: list[Student]) -> None:
        self._http = http
        self._body = {"sessionId": str(session_id), "content": "How far can you hear me?"}
        self._crowd = cycle(crowd)

    async def speak(self) -> Sent:
        headers = next(self._crowd).headers | {"Idempotency-Key": str(uuid4())}
        at_ns = time.monotonic_ns()
        async with self._http.post("/api/chat", headers=headers, json=self._body) as reply:
            reply.raise_for_status()
            said = msgspec.json.decode(await reply.read(), type=ChatMessage)
        return Sent(said.sequence, at_ns)
