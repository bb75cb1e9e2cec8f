"""The guard of outgoing connections: no private network, no disguise of one, but where the caller allows it."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from schema.errors import InvalidField
from schema.reach import IP, is_allowed

Resolver = Callable[[str], Awaitable[list[IP]]]

RESOLVE_TIMEOUT_S = 5


async def resolve(host: str) -> list[IP]:
    """All addresses of a name, or the address itself. Raises OSError, TimeoutError."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(RESOLVE_TIMEOUT_S):
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [ip_address(str(entry[4][0]).split("%")[0]) for entry in found]


async def check_host(
    field: str,
    host: str,
    *,
    allow_loopback: bool,
    allow_private: bool = False,
    resolver: Resolver = resolve,
) -> None:
    """Raises InvalidField when the name is unknown or ANY of its addresses is not allowed."""
    try:
        found = await resolver(host)
    except (OSError, TimeoutError):
        raise InvalidField(field, "The host name cannot be resolved.") from None
    allowed = (
        is_allowed(ip, allow_loopback=allow_loopback, allow_private=allow_private) for ip in found
    )
    if not found or not all(allowed):
        raise InvalidField(field, "The host is in a private or reserved network.")
