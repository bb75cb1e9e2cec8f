"""Who takes an event into the room: its agent as long as it does, else the control plane; pure."""

from collections.abc import Sequence

import msgspec

from schema.events import StoredEvent

# An agent that works has asked for more within milliseconds of an event.
GRACE_S = 2.0


class Owed(msgspec.Struct, frozen=True):
    """An event of which nobody has said yet that the room has it; `since_s` is a monotonic clock's."""

    event: StoredEvent
    since_s: float


class Verdict(msgspec.Struct, frozen=True):
    """What the control plane sends now, in order, and what it leaves to the agent for the time being."""

    send: tuple[StoredEvent, ...] = ()
    keep: tuple[Owed, ...] = ()


def decide(owed: Sequence[Owed], reached: int | None, now_s: float) -> Verdict:
    """`reached` is up to where the room's agent relayed, None when there is no agent."""
    if reached is None:
        return Verdict(send=tuple(one.event for one in owed))
    left = tuple(one for one in owed if one.event.sequence > reached)
    if any(now_s - one.since_s >= GRACE_S for one in left):
        return Verdict(send=tuple(one.event for one in left))
    return Verdict(keep=left)
