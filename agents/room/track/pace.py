"""How soon a speaker is looked at again: as often as the recogniser can afford. Pure."""

from agents.room.track.utterance import windows

# Looks at one speaker may take this share of a core.
SHARE = 0.08
# Words are to be on the screen 0.6 s after they were said, and wait for half a step; more often than the shorter one nobody
# can follow. Even steps show words soonest for what they cost: the longest is where tiny.en's are, whatever an utterance's length.
SHORTEST_MS, LONGEST_MS = 384, 930
# Looks of some speakers meet by chance and wait for one another's decode; only a longer wait is a queue.
CHANCE_MS = 200
# Behind a queue this late a look shows the past anyhow.
LATEST_MS = 1_280


def step_windows(queued_ms: int, decoded_ms: int, *, empty: bool = False) -> int:
    """After a look that waited and took so long. An idle service is asked more often, a busy one as it can.

    `empty`: nothing was heard yet, so whoever reads still waits for the first word.
    """
    wanted_ms = SHORTEST_MS if empty else min(max(decoded_ms / SHARE, SHORTEST_MS), LONGEST_MS)
    queue_ms = max(queued_ms - CHANCE_MS, 0)
    return windows(min(wanted_ms + queue_ms, LATEST_MS))
