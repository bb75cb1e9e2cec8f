"""Server-sent events as a browser reads them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec


class Stream:
    """`reply` has the headers; `next` gives one event at a time."""

    def __init__(self, reply: httpx.Response) -> None:
        self.reply = reply
        self._lines = reply.aiter_lines()
        self.beats = 0

    async def next(self, within_s: float = 10) -> dict[str, str] | None:
        """The fields of the next event, None at the end of the stream; raises TimeoutError."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(within_s):
            async for line in self._lines:
                if not line and "data" in fields:
                    return fields
                name, _, value = line.partition(":")
                self.beats += line == ":"
                fields = {**fields, name: value.strip()} if name else {}
        return None

    async def payloads(self, count: int) -> list[tuple[int, dict[str, Any]]]:
        """The next log events as (id, event)."""
        found = []
        for _ in range(count):
            fields = await self.next()
            assert fields is not None
            found.append((int(fields["id"]), msgspec.json.decode(fields["data"])))
        return found


@asynccontextmanager
async def streaming(
    http: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> AsyncIterator[Stream]:
    async with http.stream("GET", path, headers=headers) as reply:
        yield Stream(reply)
