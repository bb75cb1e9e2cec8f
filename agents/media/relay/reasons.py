"""Why a destination failed, as a word that the control plane can decide on."""

import errno
from typing import Literal

Reason = Literal[
    "refused",  # nobody listens there
    "unreachable",  # no such host, or no way to it
    "connect_timeout",
    "rejected",  # it answered, and did not want this stream: wrong key or application
    "closed",  # it was live and the peer hung up
    "stalled",  # it was live and stopped taking data
    "crashed",  # our own child died
]

_BY_ERRNO: dict[int, Reason] = {
    errno.ECONNREFUSED: "refused",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETUNREACH: "unreachable",
    errno.ETIMEDOUT: "connect_timeout",
}


def reason_of(error_number: int, *, connected: bool) -> Reason:
    """Reads an errno (libav's own codes are other numbers) by whether the peer had accepted the stream."""
    return "closed" if connected else _BY_ERRNO.get(error_number, "rejected")
