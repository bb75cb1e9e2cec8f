"""A caller in SRT's live mode, by the system's libsrt, for PyAV's wheel has none; connects in the relay's child alone.

Names and numbers are those of libsrt 1.5 (srtcore/srt.h).
"""

import ctypes
import errno
import socket
import sys
import time
from functools import cache
from ipaddress import IPv4Address
from typing import Any
from urllib.parse import SplitResult, parse_qsl

from agents.media.relay.dial import CONNECT_WITHIN_S
from agents.media.relay.reasons import Failure
from schema.reach import IP

# Debian's two flavours, then whatever the system calls it.
LIBRARIES = ("libsrt-gnutls.so.1.5", "libsrt-openssl.so.1.5", "libsrt.so.1", "libsrt.so.1.5")
SENDTIMEO, LATENCY, PASSPHRASE, CONNTIMEO, STREAMID = 13, 23, 26, 36, 46
SEND_WITHIN_MS = 10_000
USUAL_LATENCY_MS = 120
# In live mode a receiver forgets what it has not played when the caller closes; of the goodbye's 0.7 s this may take so much.
LONGEST_GOODBYE_S = 0.5
# Seven packets of MPEG-TS: what one datagram takes on any path, and every receiver expects.
PAYLOAD_BYTES = 7 * 188
# Of srt_getlasterror.
NO_SERVER, REJECTED = 1001, 1002


class Unavailable(Failure):
    """There is no libsrt on this machine."""


def load() -> ctypes.CDLL:
    """Raises Unavailable."""
    for name in LIBRARIES:
        try:
            return _described(ctypes.CDLL(name))
        except OSError:
            continue
    raise Unavailable("unavailable", "this machine has no libsrt")


@cache
def available() -> bool:
    """Whether this machine can send SRT."""
    try:
        load()
    except Unavailable:
        return False
    return True


class Caller:
    """One connection; raises OSError, whose text never holds the stream id or the passphrase."""

    def __init__(self, parts: SplitResult, address: IP) -> None:
        self._srt = load()
        asked = dict(parse_qsl(parts.query))
        self._srt.srt_startup()
        self._socket = self._srt.srt_create_socket()
        self._set(CONNTIMEO, round(CONNECT_WITHIN_S * 1000))
        self._set(SENDTIMEO, SEND_WITHIN_MS)
        latency_ms = int(asked.get("latency", USUAL_LATENCY_MS))
        self._goodbye_s = min(LONGEST_GOODBYE_S, latency_ms / 1000 + 0.1)
        self._set(LATENCY, latency_ms)
        for name, option in (("passphrase", PASSPHRASE), ("streamid", STREAMID)):
            if asked.get(name):
                self._set(option, asked[name].encode())
        try:
            self._connect(address, parts.port or 0)
        except OSError:
            self.close()
            raise

    def send(self, data: bytes) -> None:
        """At most PAYLOAD_BYTES."""
        if self._srt.srt_send(self._socket, data, len(data)) < 0:
            raise self._error()

    def play_out(self) -> None:
        """Until what was sent was played."""
        time.sleep(self._goodbye_s)

    def close(self) -> None:
        """Before the process ends: libsrt's own threads outlive it by a crash."""
        self._srt.srt_close(self._socket)
        self._srt.srt_cleanup()

    def _set(self, option: int, value: int | bytes) -> None:
        held: Any = ctypes.c_int(value) if isinstance(value, int) else value
        size = ctypes.sizeof(held) if isinstance(value, int) else len(value)
        passed = ctypes.byref(held) if isinstance(value, int) else held
        if self._srt.srt_setsockflag(self._socket, option, passed, size) < 0:
            raise self._error()

    def _connect(self, address: IP, port: int) -> None:
        place = _place(address, port)
        if self._srt.srt_connect(self._socket, place, len(place)) < 0:
            raise self._error()

    def _error(self) -> OSError:
        code = self._srt.srt_getlasterror(None)
        if code == REJECTED:
            reason = self._srt.srt_getrejectreason(self._socket)
            return OSError(errno.EACCES, self._srt.srt_rejectreason_str(reason).decode())
        number = errno.ETIMEDOUT if code == NO_SERVER else errno.EPIPE
        return OSError(number, self._srt.srt_getlasterror_str().decode())


def _described(srt: ctypes.CDLL) -> ctypes.CDLL:
    for name in ("srt_getlasterror_str", "srt_rejectreason_str"):
        getattr(srt, name).restype = ctypes.c_char_p
    srt.srt_send.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int)
    srt.srt_connect.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int)
    srt.srt_setsockflag.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
    return srt


def _place(address: IP, port: int) -> bytes:
    """A struct sockaddr_in or sockaddr_in6."""
    if isinstance(address, IPv4Address):
        family, rest = socket.AF_INET, address.packed + bytes(8)
    else:
        family, rest = socket.AF_INET6, bytes(4) + address.packed + bytes(4)
    return family.to_bytes(2, sys.byteorder) + port.to_bytes(2) + rest
