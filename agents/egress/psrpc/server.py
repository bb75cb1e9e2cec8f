"""The serving side of psrpc: bid for a request, be granted it, answer it."""

import asyncio
import base64
import hashlib
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog
from google.protobuf.message import Message

from agents.egress.psrpc import wire
from agents.egress.psrpc.bus import Bus
from agents.egress.psrpc.errors import RpcError
from schema.errors import BusUnavailable

log = structlog.get_logger(__name__)

Handler = Callable[[bytes], Awaitable[Message]]
Affinity = Callable[[bytes], float]

SETTLE_S = 0.5


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

    async def close(self) -> None:
        """Drops what is still in hand; the caller's timeout tells it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _receive(self, method: _Method, payload: bytes) -> None:
        task = asyncio.create_task(self._serve(method, payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _granted(self, payload: bytes) -> None:
        claim = wire.decode(payload)
        if claim is None or (waiting := self._grants.get(claim.request_id)) is None:
            return
        if not waiting.done():
            waiting.set_result(claim.server_id)

    async def _serve(self, method: _Method, payload: bytes) -> None:
        request = wire.decode(payload)
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
