"""The guard of outgoing connections: no private network, no disguise of one. Loopback only where the caller allows it."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from schema.errors import InvalidField

IP = IPv4Address | IPv6Address
Resolver = Callable[[str], Awaitable[list[IP]]]

NAT64 = IPv6Network("64:ff9b::/96")
RESOLVE_TIMEOUT_S = 5


async def resolve(host: str) -> list[IP]:
    """All addresses of a name, or the address itself. Raises OSError, TimeoutError."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(RESOLVE_TIMEOUT_S):
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [ip_address(str(entry[4][0]).split("%")[0]) for entry in found]


async def check_host(
    field: str, host: str, *, allow_loopback: bool, resolver: Resolver = resolve
) -> None:
    """Raises InvalidField when the name is unknown or ANY of its addresses is not allowed."""
    try:
        addresses = await resolver(host)
    except (OSError, TimeoutError):
        raise InvalidField(field, "The host name cannot be resolved.") from None
    if not addresses or not all(is_allowed(ip, allow_loopback=allow_loopback) for ip in addresses):
        raise InvalidField(field, "The host is in a private or reserved network.")


def is_allowed(ip: IP, *, allow_loopback: bool) -> bool:
    real = embedded_v4(ip) or ip
    if real.is_loopback:
        return allow_loopback
    return real.is_global and not real.is_multicast and not real.is_reserved


def embedded_v4(ip: IP) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for (mapped, 6to4, Teredo, NAT64)."""
    if isinstance(ip, IPv4Address):
        return None
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    teredo = ip.teredo
    return ip.ipv4_mapped or ip.sixtofour or (teredo[1] if teredo else None)
