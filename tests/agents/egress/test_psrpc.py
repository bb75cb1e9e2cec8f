"""Claims, queueing and reconnection on a real Redis."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from google.protobuf.message import Message
from redis.asyncio import Redis

from agents.egress.psrpc import wire
from agents.egress.psrpc.bus import Bus
from agents.egress.psrpc.client import RpcClient
from agents.egress.psrpc.errors import RpcError
from agents.egress.psrpc.server import Handler, RpcServer
from orchestrator.settings import Secret

# A service name of this module's own: pub/sub channels are shared by every test on this Redis.
SERVICE = "TestPsrpc"


@pytest.fixture
async def bus(redis_url: str) -> AsyncIterator[Bus]:
    async with Bus(Secret(redis_url)) as bus:
        yield bus


@pytest.fixture
async def client(bus: Bus) -> RpcClient:
    client = RpcClient(bus, SERVICE)
    await client.start()
    return client


def echo(seen: list[str]) -> Handler:
    async def handle(raw: bytes) -> Message:
        request = wire.StartEgressRequest.FromString(raw)
        seen.append(request.egress_id)
        answer: Message = wire.StartEgressRequest(egress_id=request.egress_id)
        return answer

    return handle


def ask(number: int | str) -> Message:
    request: Message = wire.StartEgressRequest(egress_id=str(number))
    return request


async def test_two_servers_handle_each_queued_request_once(
    bus: Bus, client: RpcClient, redis_url: str
) -> None:
    async with Bus(Secret(redis_url)) as other_bus:
        seen: list[str] = []
        for one in (bus, other_bus):
            await RpcServer(one).register(SERVICE, "Queued", echo(seen))
        calls = [client.call("Queued", ask(number), 5.0) for number in range(40)]
        answers = await asyncio.gather(*calls)
    assert [wire.StartEgressRequest.FromString(raw).egress_id for raw in answers] == [
        str(number) for number in range(40)
    ]
    assert Counter(seen) == Counter(str(number) for number in range(40))


async def test_a_server_without_room_stays_silent(
    bus: Bus, client: RpcClient, redis_url: str
) -> None:
    full: list[str] = []
    free: list[str] = []
    await RpcServer(bus).register(SERVICE, "Bid", echo(full), affinity=lambda _: -1.0)
    with pytest.raises(RpcError) as nobody:
        await client.call("Bid", ask(1), 5.0)
    assert nobody.value.code == "unavailable"
    async with Bus(Secret(redis_url)) as other_bus:
        await RpcServer(other_bus).register(SERVICE, "Bid", echo(free), affinity=lambda _: 1.0)
        await client.call("Bid", ask(2), 5.0)
    assert (full, free) == ([], ["2"])


async def test_refusals_keep_their_code_and_crashes_are_internal(
    bus: Bus, client: RpcClient
) -> None:
    async def refuse(_raw: bytes) -> Message:
        raise RpcError("invalid_argument", "no such layout")

    async def crash(_raw: bytes) -> Message:
        raise ZeroDivisionError

    server = RpcServer(bus)
    await server.register(SERVICE, "Refuse", refuse)
    await server.register(SERVICE, "Crash", crash)
    with pytest.raises(RpcError, match="no such layout") as refused:
        await client.call("Refuse", ask(1), 5.0)
    assert refused.value.code == "invalid_argument"
    with pytest.raises(RpcError, match="ZeroDivisionError") as crashed:
        await client.call("Crash", ask(1), 5.0)
    assert crashed.value.code == "internal"


async def test_multi_answers_come_from_every_process(
    bus: Bus, client: RpcClient, redis_url: str
) -> None:
    async with Bus(Secret(redis_url)) as other_bus:
        for one in (bus, other_bus):
            await RpcServer(one).register(SERVICE, "Several", echo([]), multi=True)
        assert len(await client.gather("Several", ask("all"), 0.3)) == 2
    assert await client.gather("Nobody", ask("all"), 0.1) == []


async def test_a_deregistered_topic_is_silent(bus: Bus, client: RpcClient) -> None:
    server = RpcServer(bus)
    seen: list[str] = []
    await server.register(SERVICE, "Gone", echo(seen), topic="EG_1")
    await server.deregister(SERVICE, "Gone", topic="EG_1")
    with pytest.raises(RpcError, match="no response from servers"):
        await client.call("Gone", ask(1), 1.0)
    assert seen == []


async def test_an_expired_or_garbled_request_is_dropped(bus: Bus, client: RpcClient) -> None:
    seen: list[str] = []
    await RpcServer(bus).register(SERVICE, "Late", echo(seen))
    channel = wire.channel(SERVICE, "Late", "REQ")
    stale = wire.Request(request_id="REQ_1", client_id="CLI_1", expiry=1)
    await bus.publish(channel, wire.pack(stale))
    await bus.publish(channel, b"\xff\xff\xff")
    await client.call("Late", ask("in time"), 5.0)
    assert seen == ["in time"]


async def test_both_ends_find_back_after_redis_dropped_them(
    bus: Bus, client: RpcClient, redis_url: str
) -> None:
    seen: list[str] = []
    await RpcServer(bus).register(SERVICE, "Stays", echo(seen))
    async with Redis.from_url(redis_url) as admin:
        for kind in ("pubsub", "normal"):
            with contextlib.suppress(ConnectionError):
                await admin.execute_command("CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes")
    for attempt in range(20):
        with contextlib.suppress(RpcError):
            await client.call("Stays", ask(attempt), 1.0)
            break
    assert seen
