"""Why a destination failed, as a word that the control plane can decide on."""

import errno
from typing import Literal

Reason = Literal[
    "barred",  # its address is none that we call
    "refused",  # nobody listens there
    "unreachable",  # no such host, or no way to it
    "connect_timeout",
    "no_tls",  # it listens, but speaks no TLS
    "no_rtmp",  # it listens, but hangs up before it was asked for anything, or speaks no RTMP
    "untrusted",  # its certificate is wrong, over, or another's: it may be anybody
    "rejected",  # it answered, and did not want this stream: wrong key or application
    "closed",  # it was live and the peer hung up
    "stalled",  # it was live and stopped taking data
    "unavailable",  # this machine cannot send so: it has no libsrt
    "crashed",  # our own child died
]

_BY_ERRNO: dict[int, Reason] = {
    errno.ECONNREFUSED: "refused",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETUNREACH: "unreachable",
    errno.ETIMEDOUT: "connect_timeout",
}


class Failure(OSError):
    """An end whose reason is known; `said` are the server's own words, which may repeat the key."""

    def __init__(self, reason: Reason, message: str, said: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.said = said


def failure_of(error: OSError) -> Failure:
    if isinstance(error, Failure):
        return error
    reason = _BY_ERRNO.get(error.errno or 0, "rejected")
    return Failure(reason, error.strerror or "it hung up")


def seen_from(reason: Reason, *, live: bool) -> Reason:
    """What it means of a peer that had accepted the stream; our own breaking says nothing of it."""
    return "closed" if live and reason != "crashed" else reason
