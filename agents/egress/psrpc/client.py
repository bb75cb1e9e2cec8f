"""The calling side of psrpc: ask, grant the first bidder, await its answer."""

import asyncio
import time
from typing import Any

from google.protobuf.message import Message

from agents.egress.psrpc import wire
from agents.egress.psrpc.bus import Bus
from agents.egress.psrpc.errors import RpcError

SELECTION_TIMEOUT_S = 1.0


class RpcClient:
    """Calls to one service; one client id for all of them, as psrpc has it."""

    def __init__(self, bus: Bus, service: str) -> None:
        self._bus = bus
        self._service = service
        self._id = wire.new_id("CLI_")
        self._inboxes: dict[str, asyncio.Queue[Any]] = {}

    async def start(self) -> None:
        """Raises BusUnavailable."""
        kinds = ("CLAIM", "RES")
        await self._bus.subscribe(
            {wire.channel(self._service, self._id, kind): self._receive for kind in kinds}
        )

    async def call(self, method: str, request: Message, timeout_s: float) -> bytes:
        """The first bidder's serialized answer. Raises RpcError (unavailable, deadline_exceeded or the server's), BusUnavailable."""
        async with _Inbox(self._inboxes) as (request_id, inbox):
            await self._send(method, request_id, request, timeout_s, multi=False)
            try:
                async with asyncio.timeout(SELECTION_TIMEOUT_S):
                    bid = await inbox.get()
            except TimeoutError:
                raise RpcError("unavailable", "no response from servers") from None
            grant = wire.ClaimResponse(request_id=request_id, server_id=bid.server_id)
            await self._bus.publish(wire.channel(self._service, method, "RCLAIM"), wire.pack(grant))
            return await self._result(inbox, timeout_s)

    async def _result(self, inbox: asyncio.Queue[Any], timeout_s: float) -> bytes:
        try:
            async with asyncio.timeout(timeout_s):
                message = await inbox.get()
                while message.DESCRIPTOR.name != "Response":
                    message = await inbox.get()
        except TimeoutError:
            raise RpcError("deadline_exceeded", "request timed out") from None
        if message.error:
            raise RpcError(message.code, message.error)
        return bytes(message.raw_response)

    async def gather(self, method: str, request: Message, timeout_s: float) -> list[bytes]:
        """Every server's answer to a multi request; always lasts `timeout_s`. Raises BusUnavailable."""
        async with _Inbox(self._inboxes) as (request_id, inbox):
            await self._send(method, request_id, request, timeout_s, multi=True)
            await asyncio.sleep(timeout_s)
            answers = [inbox.get_nowait() for _ in range(inbox.qsize())]
        return [bytes(answer.raw_response) for answer in answers if not answer.error]

    async def _send(
        self, method: str, request_id: str, request: Message, timeout_s: float, *, multi: bool
    ) -> None:
        now = time.time_ns()
        message = wire.Request(
            request_id=request_id,
            client_id=self._id,
            sent_at=now,
            expiry=now + round(timeout_s * 1e9),
            multi=multi,
            raw_request=request.SerializeToString(),
        )
        await self._bus.publish(wire.channel(self._service, method, "REQ"), wire.pack(message))

    def _receive(self, payload: bytes) -> None:
        message = wire.decode(payload)
        if message is not None and message.request_id in self._inboxes:
            self._inboxes[message.request_id].put_nowait(message)


class _Inbox:
    """The queue of one request's messages, known to the client while the request runs."""

    def __init__(self, inboxes: dict[str, asyncio.Queue[Any]]) -> None:
        self._inboxes = inboxes
        self._id = wire.new_id("REQ_")

    async def __aenter__(self) -> tuple[str, asyncio.Queue[Any]]:
        queue: asyncio.Queue[Any] = asyncio.Queue()
        self._inboxes[self._id] = queue
        return self._id, queue

    async def __aexit__(self, *_: object) -> None:
        del self._inboxes[self._id]
