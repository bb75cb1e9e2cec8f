"""What makes a destination degraded, and what makes it well again."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.egress.statistics.domain import BAD_ONES, WINDOW, trouble, verdict
from orchestrator.state.egress import DestinationState
from schema.destinations import Trouble
from schema.egress import ReportStatistics, StreamMeasured

NAME = UUID(int=1)
WELL = StreamMeasured(url="u", bitrate_bps=3_100_000, fps=30, dropped_frames=0, queued_bytes=20_000)
REPORT = ReportStatistics(
    egress_id="EG_1", at_unix_ms=0, span_s=2, target_bps=3_128_000, starved=False, streams=[WELL]
)
LIVE, DEGRADED = DestinationState(status="live", attempt=2), DestinationState(status="degraded")


@pytest.mark.parametrize(
    ("changes", "starved", "word"),
    [
        ({}, False, None),
        ({"dropped_frames": 1}, False, "drops"),
        ({"queued_bytes": 800_000}, False, "queue"),
        ({"bitrate_bps": 1_800_000}, False, "bitrate"),
        ({}, True, "starved"),
        ({"dropped_frames": 60}, True, "drops"),
        ({"bitrate_bps": 1_800_000}, True, "starved"),
    ],
)
def test_the_gravest_trouble_is_named(
    changes: dict[str, Any], starved: bool, word: Trouble | None
) -> None:
    report = msgspec.structs.replace(REPORT, starved=starved)
    assert trouble(report, msgspec.structs.replace(WELL, **changes)) == word


def test_one_stall_is_no_trouble_yet_and_three_of_five_are() -> None:
    assert verdict(NAME, LIVE, [None, "queue", "queue", None, None]) is None
    change = verdict(NAME, LIVE, ["queue", "queue", None, None, "drops"])
    assert change is not None
    assert (change.status, change.attempt) == ("degraded", 2)
    assert change.reason is not None
    assert "dropped" in change.reason


def test_it_is_well_again_only_after_ten_good_seconds() -> None:
    assert verdict(NAME, DEGRADED, [None] * (WINDOW - 1)) is None
    assert verdict(NAME, DEGRADED, ["drops", *[None] * (WINDOW - 1)]) is None
    change = verdict(NAME, DEGRADED, [None] * WINDOW)
    assert change is not None
    assert (change.status, change.reason) == ("live", None)


words = st.sampled_from(["starved", "drops", "queue", "bitrate", None])
statuses = st.sampled_from(
    ["idle", "connecting", "live", "degraded", "retrying", "failed", "ended"]
)


@given(statuses, st.lists(words, max_size=WINDOW))
def test_only_what_is_on_air_changes_and_no_verdict_takes_itself_back(
    status: Any, recent: list[Trouble | None]
) -> None:
    change = verdict(NAME, DestinationState(status=status), recent)
    if change is None:
        return
    assert {status, change.status} == {"live", "degraded"}
    assert (change.status == "degraded") == (sum(map(bool, recent)) >= BAD_ONES)
    assert verdict(NAME, DestinationState(status=change.status), recent) is None
