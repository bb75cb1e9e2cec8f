"""What the worker and its recorder child say to each other, one JSON object a line over the child's stdin and stdout."""

from typing import Literal

import msgspec

from agents.egress.plan import Plan, Target

EndReason = Literal[
    "StopEgress API",
    "Source closed",
    "All streams stopped",
    "Process killed",
    "Failure",
]


class Start(msgspec.Struct, frozen=True, tag="start"):
    """`token` joins the room as the recorder: hidden, subscribe only. `video_encoder` is a name or `auto`."""

    plan: Plan
    ws_url: str
    token: str
    video_encoder: str = "libx264"


class AddTarget(msgspec.Struct, frozen=True, tag="add"):
    target: Target


class RemoveTarget(msgspec.Struct, frozen=True, tag="remove"):
    id: str


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """Close every output properly, then exit; what is not done `within_s` is cut off."""

    within_s: float


Command = Start | AddTarget | RemoveTarget | Stop


class Warm(msgspec.Struct, frozen=True, tag="warm"):
    """Everything is imported; a Start will be acted on at once."""


class Began(msgspec.Struct, frozen=True, tag="began"):
    """Unix ns at which came what the programme's first frame shows."""

    at_ns: int


class TargetConnected(msgspec.Struct, frozen=True, tag="connected"):
    id: str
    at_ns: int


class TargetEnded(msgspec.Struct, frozen=True, tag="target_ended"):
    """`error` is empty when it ended as asked; it never holds a stream key."""

    id: str
    at_ns: int
    error: str = ""


class SegmentsStored(msgspec.Struct, frozen=True, tag="segments"):
    """Totals so far of what stands in the object store; the last before Ended counts what waits on disk too."""

    count: int
    size_bytes: int
    duration_ns: int


class Alive(msgspec.Struct, frozen=True, tag="alive"):
    """Said every few seconds; a recorder that stops saying it is stuck."""


class TargetHealth(msgspec.Struct, frozen=True):
    """What one destination got from when it was added until `at_ns`; dropped chunks are what it was too slow to take."""

    id: str
    at_ns: int
    frames: int
    bytes: int
    dropped_chunks: int
    queued_bytes: int


class Health(msgspec.Struct, frozen=True, tag="health"):
    """Said every two seconds while it records: totals since the start; degraded is a machine short of CPU."""

    at_ns: int
    frames: int
    skipped_frames: int
    degraded: bool
    targets: list[TargetHealth]


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """The last line. `error` is empty unless `reason` is Failure."""

    reason: EndReason
    error: str = ""


Report = Warm | Began | TargetConnected | TargetEnded | SegmentsStored | Alive | Health | Ended
