"""Which addresses we connect to for others, and which disguises of a private one there are; pure."""

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
)

IP = IPv4Address | IPv6Address

NAT64 = IPv6Network("64:ff9b::/96")
# RFC 1918 and RFC 4193: a school's own network.
PRIVATE = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv6Network("fc00::/7"),
)
# Where clouds tell a machine its secrets: Amazon's and Google's stand among the private ones.
METADATA = frozenset({IPv6Address("fd00:ec2::254"), IPv6Address("fd20:ce::254")})


def is_allowed(ip: IP, *, allow_loopback: bool, allow_private: bool = False) -> bool:
    real = embedded_v4(ip) or ip
    if real in METADATA:
        return False
    if real.is_loopback:
        return allow_loopback
    if any(real in network for network in PRIVATE if network.version == real.version):
        return allow_private
    return real.is_global and not real.is_multicast and not real.is_reserved


def embedded_v4(ip: IP) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for (mapped, 6to4, Teredo, NAT64)."""
    if isinstance(ip, IPv4Address):
        return None
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    teredo = ip.teredo
    return ip.ipv4_mapped or ip.sixtofour or (teredo[1] if teredo else None)
