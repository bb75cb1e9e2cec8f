"""A load client in a process of its own: `python -m orchestrator.cli.ground.load` reads a Plan from stdin, prints a Load."""

import asyncio
import sys
import time
from collections.abc import Iterator

import aiohttp
import msgspec

from orchestrator.cli.stack import binaries


class Request(msgspec.Struct, frozen=True):
    path: str
    method: str = "GET"
    headers: dict[str, str] = {}
    body: str | None = None


class Plan(msgspec.Struct, frozen=True):
    """Each request once, until they or the seconds run out; `rate` per second, or as fast as `clients` can."""

    url: str
    requests: list[Request]
    clients: int
    seconds: float
    rate: float | None = None


class Load(msgspec.Struct, frozen=True):
    """Milliseconds from when a request was due until its answer was there, in the order of the answers."""

    latencies_ms: list[float]
    statuses: dict[int, int]
    seconds: float

    @property
    def per_s(self) -> float:
        return len(self.latencies_ms) / self.seconds

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class LoadFailed(Exception):
    """Not every answer was a success; the message counts them by status."""


async def put(plan: Plan) -> Load:
    """Raises LoadFailed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "orchestrator.cli.ground.load",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=binaries.ROOT,
    )
    said, _ = await process.communicate(msgspec.json.encode(plan))
    load = msgspec.json.decode(said, type=Load)
    if any(status >= 300 for status in load.statuses):
        raise LoadFailed(f"answers by status: {load.statuses}")
    return load


class Client:
    def __init__(self, plan: Plan, http: aiohttp.ClientSession) -> None:
        self._plan = plan
        self._http = http
        self._latencies_ms: list[float] = []
        self._statuses: dict[int, int] = {}

    async def run(self) -> Load:
        started = time.perf_counter()
        due = self._due(started)
        await asyncio.gather(*(self._work(due) for _ in range(self._plan.clients)))
        return Load(self._latencies_ms, self._statuses, time.perf_counter() - started)

    def _due(self, started: float) -> Iterator[tuple[float | None, Request]]:
        """Requests with their time; with a rate the times are fixed, however slow the answers."""
        for n, request in enumerate(self._plan.requests):
            at = None if self._plan.rate is None else started + n / self._plan.rate
            if (at or time.perf_counter()) > started + self._plan.seconds:
                return
            yield at, request

    async def _work(self, due: Iterator[tuple[float | None, Request]]) -> None:
        for at, request in due:
            if at is not None:
                await asyncio.sleep(max(0.0, at - time.perf_counter()))
            begun = at or time.perf_counter()
            async with self._http.request(
                request.method, request.path, headers=request.headers, data=request.body
            ) as reply:
                await reply.read()
            self._latencies_ms.append((time.perf_counter() - begun) * 1000)
            self._statuses[reply.status] = self._statuses.get(reply.status, 0) + 1


async def main() -> None:
    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    connector = aiohttp.TCPConnector(limit=plan.clients)
    async with aiohttp.ClientSession(plan.url, connector=connector) as http:
        load = await Client(plan, http).run()
    sys.stdout.buffer.write(msgspec.json.encode(load))


if __name__ == "__main__":
    asyncio.run(main())
