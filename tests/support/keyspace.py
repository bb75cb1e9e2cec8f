"""All that a Redis holds, read by type: DUMP compresses a longer string, and what is in it would not be found."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from redis.asyncio import Redis

# redis-py's own types say of most commands that they may answer at once, as a blocking client does.
READS: dict[bytes, Callable[[Any, bytes], Any]] = {
    b"string": lambda client, name: client.get(name),
    b"hash": lambda client, name: client.hgetall(name),
    b"list": lambda client, name: client.lrange(name, 0, -1),
    b"set": lambda client, name: client.smembers(name),
    b"zset": lambda client, name: client.zrange(name, 0, -1),
    b"stream": lambda client, name: client.xrange(name),
}


async def contents(client: "Redis") -> AsyncIterator[str]:
    """A line for each key, of a client that decodes nothing. A type that nobody reads is a KeyError."""
    async for name in client.scan_iter(count=500):
        kind = await client.type(name)
        if kind != b"none":  # gone meanwhile
            yield f"{name!r} {await READS[kind](client, name)!r}"
