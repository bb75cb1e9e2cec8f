"""psrpc calls over the bus: a server that bids for and answers requests, a client that grants and awaits."""

import asyncio
import base64
import hashlib
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog
from google.protobuf.message import DecodeError, Message

from agents.egress import wire
from agents.egress.bus import Bus
from schema.errors import BusUnavailable

log = structlog.get_logger(__name__)

Handler = Callable[[bytes], Awaitable[Message]]
Affinity = Callable[[bytes], float]

SELECTION_TIMEOUT_S = 1.0
SETTLE_S = 0.5


class RpcError(Exception):
    """A refusal as psrpc has it: one of its codes and a text for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class _Method(msgspec.Struct, frozen=True):
    service: str
    name: str
    topic: str
    handler: Handler
    affinity: Affinity | None
    multi: bool

    def channel(self, kind: str) -> str:
        return wire.channel(self.service, self.name, self.topic, kind)


class RpcServer:
    """Methods without affinity are queued: one server of all handles each request; with it, the best bid wins."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._id = wire.new_id("SRV_")
        self._methods: dict[tuple[str, str, str], _Method] = {}
        self._grants: dict[str, asyncio.Future[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def register(
        self,
        service: str,
        name: str,
        handler: Handler,
        *,
        topic: str = "",
        affinity: Affinity | None = None,
        multi: bool = False,
    ) -> None:
        """Returns once requests will be heard. Raises BusUnavailable."""
        method = _Method(service, name, topic, handler, affinity, multi)
        receivers = {method.channel("REQ"): lambda payload: self._receive(method, payload)}
        if not multi:
            receivers[method.channel("RCLAIM")] = self._granted
        await self._bus.subscribe(receivers)
        self._methods[service, name, topic] = method

    async def deregister(self, service: str, name: str, *, topic: str = "") -> None:
        """Requests that were bid for still get their answer: the grant channel stays open a moment longer."""
        method = self._methods.pop((service, name, topic), None)
        if method is None:
            return
        await self._bus.unsubscribe([method.channel("REQ")])
        await asyncio.sleep(SETTLE_S)
        await self._bus.unsubscribe([method.channel("RCLAIM")])

    async def drain(self) -> None:
        """Waits for the requests in hand."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _receive(self, method: _Method, payload: bytes) -> None:
        task = asyncio.create_task(self._serve(method, payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _granted(self, payload: bytes) -> None:
        claim = _decode(payload)
        if claim is None or (waiting := self._grants.get(claim.request_id)) is None:
            return
        if not waiting.done():
            waiting.set_result(claim.server_id)

    async def _serve(self, method: _Method, payload: bytes) -> None:
        request = _decode(payload)
        if request is None or time.time_ns() >= request.expiry:
            return
        try:
            async with asyncio.timeout((request.expiry - time.time_ns()) / 1e9):
                if await self._wins(method, request, payload):
                    await self._answer(method, request)
        except TimeoutError:
            log.warning("rpc_expired", method=method.name)
        except BusUnavailable as error:
            log.warning("rpc_unanswered", method=method.name, code=error.code)

    async def _wins(self, method: _Method, request: Any, payload: bytes) -> bool:
        if method.multi:
            return True
        affinity = method.affinity(request.raw_request) if method.affinity else 1.0
        if affinity < 0:
            return False
        if method.affinity is None and not await self._first(payload):
            return False
        return await self._bid(method, request, affinity)

    async def _first(self, payload: bytes) -> bool:
        digest = base64.b64encode(hashlib.sha256(payload).digest()).decode()
        return await self._bus.lock_once(digest, secrets.randbits(62))

    async def _bid(self, method: _Method, request: Any, affinity: float) -> bool:
        grant: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._grants[request.request_id] = grant
        try:
            bid = wire.ClaimRequest(
                request_id=request.request_id, server_id=self._id, affinity=affinity
            )
            await self._bus.publish(
                wire.channel(method.service, request.client_id, "CLAIM"), wire.pack(bid)
            )
            return await grant == self._id
        finally:
            del self._grants[request.request_id]

    async def _answer(self, method: _Method, request: Any) -> None:
        response = wire.Response(request_id=request.request_id, server_id=self._id)
        try:
            response.raw_response = (await method.handler(request.raw_request)).SerializeToString()
        except RpcError as error:
            response.error, response.code = error.message, error.code
        except BusUnavailable as error:
            response.error, response.code = error.message, "unavailable"
        except Exception as error:
            log.exception("rpc_failed", method=method.name)
            response.error, response.code = f"worker failed: {type(error).__name__}", "internal"
        response.sent_at = time.time_ns()
        await self._bus.publish(
            wire.channel(method.service, request.client_id, "RES"), wire.pack(response)
        )


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
        message = _decode(payload)
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


def _decode(payload: bytes) -> Any | None:
    try:
        return wire.unpack(payload)
    except DecodeError:
        log.warning("rpc_malformed", size=len(payload))
        return None
