"""Both sides of psrpc on one Redis: offers methods to livekit-server, and calls those of its IOInfo service."""

import asyncio
import base64
import hashlib
import secrets
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

import msgspec
from google.protobuf.message import Message
from redis.asyncio import Redis

from tests.fakes.egress import wire

Handler = Callable[[bytes], Awaitable[Message]]
CLAIM_WITHIN_S = 10


class RpcError(Exception):
    """`code` is psrpc's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Method(msgspec.Struct, frozen=True):
    """Without `affinity` any one server takes a request, the first to lock it; with it, the client picks the best bid."""

    service: str
    name: str
    handle: Handler
    topic: str = ""
    affinity: Callable[[], float] | None = None
    multi: bool = False

    def channel(self, kind: str) -> str:
        return wire.channel(self.service, self.name, self.topic, kind)


class Rpc:
    """`async with`. What fails while a request is answered is answered as `internal`, and kept in `troubles`."""

    def __init__(self, redis_url: str) -> None:
        self._redis: Redis = Redis.from_url(redis_url)
        self._pubsub = self._redis.pubsub()
        self._server = f"SRV_{secrets.token_hex(6)}"
        self._client = f"CLI_{secrets.token_hex(6)}"
        self._heard: dict[str, Callable[[bytes], Awaitable[None]]] = {}
        self._subscribed: dict[str, asyncio.Event] = {}
        self._waiting: dict[tuple[str, str], asyncio.Future[Any]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self.troubles: list[Exception] = []

    async def __aenter__(self) -> Self:
        await self._pubsub.subscribe("model")
        self._spawn(self._read())
        for kind in ("CLAIM", "RES"):
            await self._listen(wire.channel("IOInfo", self._client, kind), self._answered)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._pubsub.aclose()
        await self._redis.aclose()

    async def offer(self, method: Method) -> None:
        """Returns when livekit-server can reach it."""
        if not method.multi:
            await self._listen(method.channel("RCLAIM"), self._answered)
        await self._listen(method.channel("REQ"), lambda payload: self._serve(method, payload))

    async def withdraw(self, method: Method) -> None:
        await self._pubsub.unsubscribe(method.channel("REQ"), method.channel("RCLAIM"))

    async def call(self, name: str, request: Message, timeout_s: float) -> None:
        """A method of IOInfo. Raises RpcError, TimeoutError."""
        name_of_call = f"REQ_{secrets.token_hex(6)}"
        bid, answer = (
            self._expect("ClaimRequest", name_of_call),
            self._expect("Response", name_of_call),
        )
        now_ns = time.time_ns()
        asked = wire.pack(
            "Request",
            request_id=name_of_call,
            client_id=self._client,
            sent_at=now_ns,
            expiry=now_ns + int(timeout_s * 1e9),
            raw_request=request.SerializeToString(),
        )
        async with asyncio.timeout(timeout_s):
            await self._redis.publish(wire.channel("IOInfo", name, "REQ"), asked)
            claimed = wire.pack(
                "ClaimResponse", request_id=name_of_call, server_id=(await bid).server_id
            )
            await self._redis.publish(wire.channel("IOInfo", name, "RCLAIM"), claimed)
            said = await answer
        if said.error:
            raise RpcError(said.code, said.error)

    async def _serve(self, method: Method, payload: bytes) -> None:
        _, request = wire.unpack(payload)
        if time.time_ns() >= request.expiry or not await self._won(method, request, payload):
            return
        answer: dict[str, Any] = {"request_id": request.request_id, "server_id": self._server}
        try:
            answer["raw_response"] = (await method.handle(request.raw_request)).SerializeToString()
        except RpcError as error:
            answer |= {"error": str(error), "code": error.code}
        except Exception as error:  # noqa: BLE001 the caller is told, the test finds it in `troubles`
            self.troubles.append(error)
            answer |= {"error": repr(error), "code": "internal"}
        response = wire.pack("Response", sent_at=time.time_ns(), **answer)
        await self._redis.publish(wire.channel(method.service, request.client_id, "RES"), response)

    async def _won(self, method: Method, request: Any, payload: bytes) -> bool:
        if method.multi:
            return True
        if method.affinity is None:
            lock = base64.b64encode(hashlib.sha256(payload).digest())
            if not await self._redis.set(lock, 1, nx=True, ex=5):
                return False
        affinity = 1.0 if method.affinity is None else method.affinity()
        granted = self._expect("ClaimResponse", request.request_id)
        bid = wire.pack(
            "ClaimRequest",
            request_id=request.request_id,
            server_id=self._server,
            affinity=affinity,
        )
        await self._redis.publish(wire.channel(method.service, request.client_id, "CLAIM"), bid)
        try:
            async with asyncio.timeout(CLAIM_WITHIN_S):
                return bool((await granted).server_id == self._server)
        except TimeoutError:
            return False

    def _expect(self, kind: str, request_id: str) -> "asyncio.Future[Any]":
        waiting = asyncio.get_running_loop().create_future()
        self._waiting[kind, request_id] = waiting
        return waiting

    async def _answered(self, payload: bytes) -> None:
        kind, said = wire.unpack(payload)
        waiting = self._waiting.pop((kind, said.request_id), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(said)

    async def _listen(self, channel: str, hear: Callable[[bytes], Awaitable[None]]) -> None:
        """Returns when Redis has acknowledged it: what is published before is lost."""
        self._heard[channel] = hear
        self._subscribed[channel] = asyncio.Event()
        await self._pubsub.subscribe(channel)
        await self._subscribed[channel].wait()

    async def _read(self) -> None:
        async for said in self._pubsub.listen():
            channel = said["channel"].decode()
            if said["type"] == "subscribe" and channel in self._subscribed:
                self._subscribed[channel].set()
            elif said["type"] == "message":
                self._spawn(self._heard[channel](said["data"]))

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
