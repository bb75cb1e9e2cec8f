"""However an address or a key is spelt: nothing forbidden is called, and nothing is an option or a file to ffmpeg."""

import re
import socket
import string
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestrator.core.guard.addresses import check_host
from orchestrator.destinations.domain import MAX_URL_CHARS, parse_address, parse_key
from schema.errors import InvalidField
from schema.reach import IP

# The oracle: IANA's special-purpose registries by hand, and how the C library reads a host (inet_aton's old spellings too).
FORBIDDEN = [
    ip_network(text)
    for text in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001:db8::/32",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    ]
]
EMBEDDED = {"::ffff:0:0/96": 0, "64:ff9b::/96": 0, "2002::/16": 80}
URL = re.compile(r"rtmps?://(?P<host>\[[^\]]+\]|[^:/\[\]@]+)(?::\d+)?/[^?#@\s|]+")
PUBLIC = IPv4Address("93.184.216.34")
INSIDE = ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "172.31.255.255", "100.64.0.1"]


def reached(host: str) -> IP:
    """The address that a connection to `host` would go to; a name, wherever it points, is somebody public."""
    bare = host.strip("[]").split("%")[0]
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            return ip_address(socket.inet_pton(family, bare))
        except OSError:
            continue
    try:
        return IPv4Address(socket.inet_aton(bare))
    except OSError:
        return PUBLIC


def is_inside(ip: IP) -> bool:
    if isinstance(ip, IPv6Address):
        for prefix, shift in EMBEDDED.items():
            if ip in ip_network(prefix):
                return is_inside(IPv4Address(int(ip) >> shift & 0xFFFFFFFF))
    return any(ip in network for network in FORBIDDEN if network.version == ip.version)


async def called(url: str) -> str | None:
    """The host that would be called, in production; None when it is refused."""

    async def resolver(host: str) -> list[IP]:
        return [reached(host)]

    try:
        address = parse_address(url)
        await check_host("url", address.host, allow_loopback=False, resolver=resolver)
    except InvalidField:
        return None
    written = URL.fullmatch(address.url)
    assert written is not None, "another reader of URLs would find another host"
    return written["host"]


def old_spellings(ip: IPv4Address) -> list[str]:
    a, b, c, d = ip.packed
    number = int(ip)
    forms = [str(ip), str(number), hex(number), f"0{number:o}", f"{a}.{number & 0xFFFFFF}"]
    forms += [f"{a}.{b}.{c << 8 | d}", f"0{a:o}.{b}.{c}.{d}", f"{a:#x}.{b:#x}.{c:#x}.{d:#x}"]
    return [*forms, f"{a:03d}.{b:03d}.{c:03d}.{d:03d}"]


def new_spellings(ip: IPv4Address) -> list[str]:
    """In IPv6: mapped, compatible, NAT64, 6to4, and with a zone."""
    high, low = divmod(int(ip), 1 << 16)
    forms = [f"::ffff:{ip}", f"::ffff:{high:x}:{low:x}", f"0:0:0:0:0:FFFF:{ip}", f"::{ip}"]
    forms += [f"64:ff9b::{ip}", f"2002:{high:x}:{low:x}::1", f"::ffff:{ip}%25eth0"]
    return [f"[{form}]" for form in forms] + [f"::ffff:{ip}"]


def disguised(host: str) -> list[str]:
    wide = host.translate({ord(c): ord(c) + 0xFEE0 for c in string.digits})
    escaped = host.replace(".", "%2e").replace(":", "%3a")
    return [
        host,
        f"{host}.",
        f"{host}..",
        wide,
        escaped,
        f"user@{host}",
        f"good.example@{host}",
        f"{host}\\@good.example",
    ]


schemes = st.sampled_from(
    ["rtmp", "rtmps", "RTMP", "RtMpS", " rtmp", "rtmp:rtmp", "http", "srt", "file", ""]
)
ports = st.sampled_from(
    [
        "",
        ":",
        ":1935",
        ":443",
        ":22",
        ":0",
        ":-1",
        ":65536",
        ":019350",
        ":1935:1935",
        ":\uff11\uff19\uff13\uff15",
    ]
)
paths = st.sampled_from(
    ["/live", "/live/", "//live", "/../live", "/live?x=1", "/a b", "/live#x", "/live|[f=flv]/x", ""]
)
addresses = st.sampled_from(INSIDE).map(IPv4Address) | st.integers(0, 2**32 - 1).map(IPv4Address)
literals = addresses.flatmap(lambda ip: st.sampled_from([*old_spellings(ip), *new_spellings(ip)]))
hosts = (
    literals
    | st.ip_addresses(v=6).map(lambda ip: f"[{ip}]")
    | st.sampled_from(["localhost", "live.example"])
)
spelt = hosts.flatmap(lambda host: st.sampled_from(disguised(host)))


@given(schemes, spelt, ports, paths)
@settings(max_examples=400)
@example("rtmp", "[64:ff9b:1::a00:1]", "", "/live")
@example("rtmp", "[::ffff:169.254.169.254]", ":443", "/latest")
@example("rtmp", "0251.0376.0251.0376", ":80", "/latest")
async def test_however_an_address_is_spelt_nothing_inside_is_called(
    scheme: str, host: str, port: str, path: str
) -> None:
    found = await called(f"{scheme}://{host}{port}{path}")
    if found is not None:
        assert not is_inside(reached(found))
        assert "%" not in found, "a zone is nobody's public server"


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
@settings(max_examples=300)
async def test_what_is_outside_is_called_as_it_is(ip: IP) -> None:
    written = f"[{ip}]" if ip.version == 6 else str(ip)
    found = await called(f"rtmp://{written}/live")
    assert found is None or reached(found) == ip
    if ip.version == 4 and not is_inside(ip):
        assert found == written


@given(st.text(max_size=40), st.text(max_size=40))
async def test_no_text_at_all_is_read_in_two_ways(host: str, path: str) -> None:
    found = await called(f"rtmp://{host}/{path}")
    assert found is None or not is_inside(reached(found))


DANGEROUS = [
    "|",
    "[",
    "]",
    " ",
    "\t",
    "\n",
    "\x00",
    "\x7f",
    "'",
    '"',
    "\\",
    "/",
    "#",
    "@",
    ";",
    "$",
    "`",
    "é",
    "\u200b",
]


@given(st.text(string.ascii_letters + string.digits), st.sampled_from(DANGEROUS), st.text())
def test_a_key_never_holds_what_a_tool_would_read_as_its_own(
    before: str, bad: str, after: str
) -> None:
    for key in (before + bad + after, f"-{before}", before.ljust(4096, "a")):
        with pytest.raises(InvalidField) as refused:
            parse_key(key)
        assert refused.value.details == {"field": "streamKey"}
        assert len(key) < 9 or key not in refused.value.message


@given(st.text(string.printable, min_size=1, max_size=MAX_URL_CHARS + 2))
def test_a_url_that_is_taken_is_written_from_safe_characters_alone(text: str) -> None:
    try:
        address = parse_address(f"rtmp://live.example/{text}")
    except InvalidField:
        return
    assert re.fullmatch(r"rtmp://live\.example(/[A-Za-z0-9_\-.~=:%+]+)+", address.url)
    assert len(address.url) <= MAX_URL_CHARS
