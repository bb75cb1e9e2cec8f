"""How soon a speaker is looked at again: as often as the recogniser can afford. Pure."""

from agents.room.track.utterance import windows

# Looks at one speaker may take this share of a core.
SHARE = 0.1
# Words are to be on the screen 0.6 s after they were said, and wait for half a step; more often than the shorter one nobody
# can follow.
SHORTEST_MS, LONGEST_MS = 384, 1_024
# Behind a queue this late a look shows the past anyhow.
LATEST_MS = 1_280


def step_windows(queued_ms: int, decoded_ms: int) -> int:
    """After a look that waited and took so long. An idle service is asked more often, a busy one as it can."""
    wanted_ms = min(max(decoded_ms / SHARE, SHORTEST_MS), LONGEST_MS)
    return windows(min(wanted_ms + queued_ms, LATEST_MS))
