"""How often a platform is asked about one stream; pure.

YouTube gives a whole server 10 000 units a day, of which a question costs one and making a broadcast about 150
(developers.google.com/youtube/v3/determine_quota_cost): a class of two hours in good health costs 120.
"""

from datetime import timedelta

from schema.platforms import PlatformVerdict

# Somebody is mending it, or waits for it to appear.
TROUBLED = timedelta(seconds=20)
WELL = timedelta(seconds=60)
LONGEST = timedelta(minutes=15)
WELL_VERDICTS: frozenset[PlatformVerdict] = frozenset({"good", "ok", "online"})


def after_answer(verdict: PlatformVerdict) -> timedelta:
    return WELL if verdict in WELL_VERDICTS else TROUBLED


def after_silence(failures: int) -> timedelta:
    """`failures` in a row, this one included: twice as long each time, also for a quota that is used up."""
    return min(WELL * (1 << min(failures - 1, 8)), LONGEST)
