"""From measurements to a verdict: whether a destination that is on air gets the programme as it should; pure."""

from collections.abc import Sequence
from uuid import UUID

from orchestrator.state.egress import DestinationState
from schema.destinations import Trouble
from schema.egress import ReportStatistics, StreamMeasured
from schema.events import DestinationChanged

# Reports that count: ten seconds.
WINDOW = 5
# So many bad ones of them make a destination degraded; a single stall is made up for by its queue.
BAD_ONES = 3
# A whole programme is constant in bitrate (CBR); a destination that takes this share of it is behind.
LEAST_SHARE = 0.6
# More than this waits: a viewer there is about to see a jump.
MOST_QUEUED_S = 2.0

WORDS: dict[Trouble, str] = {
    "starved": "This machine is too slow for the programme: pictures are left out for all destinations.",
    "drops": "The connection to this server is too slow: pictures are dropped.",
    "queue": "This server takes the stream more slowly than it is made.",
    "bitrate": "Much less of the stream than was made reaches this server.",
}


def trouble(report: ReportStatistics, stream: StreamMeasured) -> Trouble | None:
    """The gravest that is wrong; a destination's own troubles go before those of the whole programme."""
    if stream.dropped_frames:
        return "drops"
    if stream.queued_bytes * 8 > report.target_bps * MOST_QUEUED_S:
        return "queue"
    if report.starved:
        return "starved"
    if stream.bitrate_bps < report.target_bps * LEAST_SHARE:
        return "bitrate"
    return None


def verdict(
    destination: UUID, known: DestinationState, recent: Sequence[Trouble | None]
) -> DestinationChanged | None:
    """What the log should say from now on; `recent` holds the newest WINDOW reports, oldest first."""
    bad = [word for word in recent if word]
    if known.status == "live" and len(bad) >= BAD_ONES:
        return _changed(destination, known, "degraded", WORDS[bad[-1]])
    if known.status == "degraded" and len(recent) >= WINDOW and not bad:
        return _changed(destination, known, "live", None)
    return None


def _changed(
    destination: UUID, known: DestinationState, status: str, reason: str | None
) -> DestinationChanged:
    return DestinationChanged(
        destination_id=destination,
        status="degraded" if status == "degraded" else "live",
        attempt=known.attempt,
        reason=reason,
    )
