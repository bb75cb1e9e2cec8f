"""What an egress worker of ours measures of a programme and reports every two seconds."""

from typing import Annotated

import msgspec

from schema.base import Wire
from schema.quality import Quality

Count = Annotated[int, msgspec.Meta(ge=0)]


class StreamMeasured(Wire, frozen=True):
    """One destination on air since the report before; `url` has its key redacted, as LiveKit shows it."""

    url: str
    bitrate_bps: Count
    fps: Annotated[float, msgspec.Meta(ge=0)]
    dropped_frames: Count
    queued_bytes: Count


class ReportStatistics(Wire, frozen=True, forbid_unknown_fields=True):
    """Deduplicated by `at_unix_ms`; `target_bps` is what a healthy destination gets, `starved` says that the machine is too slow
    for the programme."""

    egress_id: str
    at_unix_ms: Count
    span_s: Annotated[int, msgspec.Meta(ge=1, le=60)]
    target_bps: Annotated[int, msgspec.Meta(gt=0)]
    starved: bool
    streams: list[StreamMeasured]


WORKER_KEY = "lectern:egress:worker:"
"""Prefix of the Redis keys under which workers of ours say that they are there; each lives for BEAT_LIVES_S."""
BEAT_EVERY_S = 2
BEAT_LIVES_S = 7


class WorkerBeat(Wire, frozen=True):
    """`takes` are the qualities for which the machine has CPU left; none when the worker is leaving."""

    takes: frozenset[Quality]
    running: int
