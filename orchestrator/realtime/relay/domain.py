"""Who takes an event into the room: its agent as long as it does, else the control plane; pure."""

from collections.abc import Sequence

import msgspec

from orchestrator.state.session import SessionState
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


def is_attended(state: SessionState) -> bool:
    """Whether anybody is in the room, as LiveKit's webhooks say: most people join a class before their connection stands."""
    return any(one.sids for one in state.participants.values())


def decide(
    owed: Sequence[Owed], reached: int | None, now_s: float, *, attended: bool = True
) -> Verdict:
    """`reached` is up to where the room's agent relayed, None when there is no agent.

    Into a room where the log knows nobody nothing is sent; whoever is about to be known there gets what is younger than
    GRACE_S, and has read what is older.
    """
    if not attended:
        return Verdict(keep=tuple(one for one in owed if now_s - one.since_s < GRACE_S))
    if reached is None:
        return Verdict(send=tuple(one.event for one in owed))
    left = tuple(one for one in owed if one.event.sequence > reached)
    if any(now_s - one.since_s >= GRACE_S for one in left):
        return Verdict(send=tuple(one.event for one in left))
    return Verdict(keep=left)
