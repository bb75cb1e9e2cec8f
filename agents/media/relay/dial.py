"""Connecting to where a URL says: its name is looked up once, its addresses are checked, and no other is called."""

import errno
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult

import certifi

from agents.media.relay.reasons import Failure
from schema.reach import IP, is_allowed

# Of each address: the next has to have its chance before the parent gives up.
CONNECT_WITHIN_S = 4.0

Lookup = Callable[[str], list[IP]]
Connection = TypeVar("Connection")


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether this machine and its private network may be called, and whose certificates count beside the system's."""

    private: bool = False
    ca_file: str = ""


def look_up(host: str) -> list[IP]:
    """In the order in which to try them. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [ip_address(str(place[0]).split("%")[0]) for *_, place in found]


def checked(host: str, trust: Trust, lookup: Lookup = look_up) -> list[IP]:
    """Raises Failure when the name is unknown, or ANY of its addresses must not be called."""
    try:
        found = lookup(host)
    except OSError as error:
        raise Failure("unreachable", error.strerror or "no such host") from None
    private = trust.private
    if not all(is_allowed(ip, allow_loopback=private, allow_private=private) for ip in found):
        raise Failure("barred", "the host is in a private or reserved network")
    return found


def dial(parts: SplitResult, port: int, trust: Trust, lookup: Lookup = look_up) -> socket.socket:
    """A connection, encrypted for an `rtmps` URL. Raises Failure, OSError."""
    host = parts.hostname or ""
    connection = first(checked(host, trust, lookup), lambda ip: _connected(ip, port))
    if parts.scheme == "rtmps":
        connection = _encrypted(connection, host, trust.ca_file)
    connection.settimeout(None)
    return connection


def first(addresses: list[IP], call: Callable[[IP], Connection]) -> Connection:
    """To the first that takes the call. Raises the OSError of the last."""
    failed = OSError(errno.EHOSTUNREACH, "the name has no address")
    for ip in addresses:
        try:
            return call(ip)
        except TimeoutError:
            failed = TimeoutError(errno.ETIMEDOUT, "it did not answer")
        except OSError as error:
            failed = error
    raise failed


def _connected(ip: IP, port: int) -> socket.socket:
    connection = socket.create_connection((str(ip), port), CONNECT_WITHIN_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _encrypted(connection: socket.socket, host: str, ca_file: str) -> socket.socket:
    """The certificate has to be of that host, whichever address was called."""
    connection.settimeout(None)
    try:
        return _context(ca_file).wrap_socket(connection, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        raise Failure("untrusted", _plain(error)) from None
    except OSError:  # ssl.SSLError is one
        raise Failure("no_tls", "it did not open an encrypted connection") from None


def _context(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    paths: Any = ssl.get_default_verify_paths()
    if not any(path and Path(path).exists() for path in (paths.cafile, paths.capath)):
        context.load_verify_locations(certifi.where())
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def _plain(error: ssl.SSLCertVerificationError) -> str:
    return error.verify_message.rstrip(".").split(", ")[0]
