"""How soon a speaker is looked at again: as often as the recogniser can afford. Pure."""

from agents.room.track.utterance import windows

# Looks at one speaker take at most this share of a core.
SHARE = 0.2
SHORTEST = windows(320)
LONGEST = windows(1_000)


def step_windows(queued_ms: int, decoded_ms: int) -> int:
    """After a look that waited and took so long. An idle service is asked more often, and long utterances less."""
    return min(max(windows(queued_ms + decoded_ms / SHARE), SHORTEST), LONGEST)
