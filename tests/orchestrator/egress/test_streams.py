"""One destination: when it is tried again, when it counts as healthy, and when it is given up."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.egress.facts import StreamFact
from orchestrator.egress.streams import (
    FREE_LOSSES,
    MAX_FAILURES,
    MAX_REJECTIONS,
    SPACING_S,
    Situation,
    Step,
    delay,
    follow,
    pause,
)
from orchestrator.state.egress import DestinationState

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NAME = UUID(int=1)


def ns(moment: datetime) -> int:
    return int(moment.timestamp() * 1e9)


def ended(started_s_ago: float | None, ended_s_ago: float = 0) -> StreamFact:
    return StreamFact(
        url="rtmp://h/a/{...}",
        status="failed",
        started_at_ns=0 if started_s_ago is None else ns(NOW - timedelta(seconds=started_s_ago)),
        ended_at_ns=ns(NOW - timedelta(seconds=ended_s_ago)),
        error="Connection refused",
    )


@given(st.integers(1, 50), st.floats(-1, 1))
def test_pauses_grow_by_half_within_five_percent_up_to_a_minute(
    failures: int, jitter: float
) -> None:
    middle = min(60.0, 2.0 * 1.5 ** (min(failures, 20) - 1))
    assert middle * 0.9499 <= delay(failures, jitter).total_seconds() <= middle * 1.0501


def test_a_refused_connection_is_retried_with_its_reason() -> None:
    step = follow(NAME, DestinationState(status="connecting"), ended(None), Situation(NOW))
    assert step.change is not None
    assert (step.change.status, step.change.attempt) == ("retrying", 1)
    assert step.change.reason == "Connection refused"
    assert step.change.next_attempt_at == NOW + timedelta(seconds=2)
    assert not step.order


def test_a_minute_of_health_forgets_earlier_failures() -> None:
    known = DestinationState(status="live", attempt=5)
    short = follow(NAME, known, ended(59), Situation(NOW)).change
    long = follow(NAME, known, ended(61), Situation(NOW)).change
    assert short is not None
    assert long is not None
    assert (short.attempt, long.attempt) == (6, 1)


def test_after_enough_failures_in_a_row_it_is_given_up_and_says_why() -> None:
    known = DestinationState(status="connecting", attempt=MAX_FAILURES - 1)
    change = follow(NAME, known, ended(None), Situation(NOW)).change
    assert change is not None
    assert (change.status, change.next_attempt_at) == ("failed", None)
    assert change.reason == f"Connection refused (gave up after {MAX_FAILURES} tries)"
    given_up = DestinationState(status="failed", attempt=MAX_FAILURES)
    assert follow(NAME, given_up, None, Situation(NOW)) == follow(
        NAME, given_up, ended(None), Situation(NOW)
    )


@pytest.mark.parametrize(("wait_s", "order"), [(1, False), (-1, True)])
def test_a_retry_waits_for_its_time_and_keeps_its_word(wait_s: int, order: bool) -> None:
    at = NOW + timedelta(seconds=wait_s)
    known = DestinationState(status="retrying", attempt=2, next_attempt_at=at)
    step = follow(NAME, known, ended(None, 9), Situation(NOW))
    assert (step.order, step.change) == (order, None)
    assert step.wake_at == (None if order else at)


def test_a_retry_under_way_is_not_ordered_twice_nor_blamed_for_the_old_end() -> None:
    known = DestinationState(
        status="retrying", attempt=2, next_attempt_at=NOW - timedelta(seconds=5)
    )
    situation = Situation(NOW, asked_at=NOW - timedelta(seconds=4))
    waiting = follow(NAME, known, ended(None, ended_s_ago=30), situation)
    assert (waiting.order, waiting.change) == (False, None)
    fresh = follow(NAME, known, ended(None, ended_s_ago=1), situation).change
    assert fresh is not None
    assert (fresh.status, fresh.attempt) == ("retrying", 3)


def test_an_order_that_was_lost_is_given_again() -> None:
    known = DestinationState(status="connecting")
    situation = Situation(NOW, asked_at=NOW - timedelta(seconds=21))
    assert follow(NAME, known, None, situation).order


def test_another_replicas_order_is_not_given_twice() -> None:
    """LiveKit's own egress does not list a stream that connects, and a second order is a second stream."""
    lately = DestinationState(status="connecting", changed_at=NOW - timedelta(seconds=5))
    waiting = follow(NAME, lately, None, Situation(NOW))
    assert (waiting.order, waiting.wake_at) == (False, NOW + timedelta(seconds=15))
    lost = DestinationState(status="connecting", changed_at=NOW - timedelta(seconds=21))
    assert follow(NAME, lost, None, Situation(NOW)).order


def test_it_is_live_only_when_frames_have_gone_out() -> None:
    connecting = StreamFact(url="u")
    live = StreamFact(url="u", started_at_ns=ns(NOW))
    known = DestinationState(status="idle")
    first = follow(NAME, known, connecting, Situation(NOW)).change
    assert first is not None
    assert first.status == "connecting"
    second = follow(NAME, DestinationState(status="retrying"), live, Situation(NOW)).change
    assert second is not None
    assert second.status == "live"


def test_a_start_that_only_says_that_the_server_answered_is_waited_for() -> None:
    started = StreamFact(url="u", started_at_ns=ns(NOW - timedelta(seconds=1)), tentative=True)
    known = DestinationState(status="connecting")
    step = follow(NAME, known, started, Situation(NOW))
    assert (step.change, step.wake_at) == (None, NOW + timedelta(seconds=1))
    live = follow(NAME, known, started, Situation(NOW + timedelta(seconds=1))).change
    assert live is not None
    assert live.status == "live"


def test_who_hangs_up_as_soon_as_it_was_called_did_not_want_the_stream() -> None:
    hung_up = msgspec.structs.replace(ended(0.5), tentative=True)
    known = DestinationState(status="connecting")
    change = follow(NAME, known, hung_up, Situation(NOW)).change
    assert change is not None
    assert change.reason == "rejected: Connection refused"
    later = msgspec.structs.replace(ended(3), tentative=True)
    change = follow(NAME, known, later, Situation(NOW)).change
    assert change is not None
    assert change.reason == "Connection refused"


def test_a_server_that_never_wanted_the_stream_is_given_up_soon() -> None:
    """Its key is wrong; where it took the stream before, it is the server that is in trouble."""
    refused = msgspec.structs.replace(ended(None), error="rejected: Input/output error")
    last = DestinationState(status="connecting", attempt=MAX_REJECTIONS - 1)
    given_up = follow(NAME, last, refused, Situation(NOW)).change
    known = msgspec.structs.replace(last, lives=1)
    tried_on = follow(NAME, known, refused, Situation(NOW)).change
    assert given_up is not None
    assert tried_on is not None
    assert (given_up.status, tried_on.status) == ("failed", "retrying")


@pytest.mark.parametrize(("losses", "spaced"), [(FREE_LOSSES - 1, False), (FREE_LOSSES, True)])
def test_a_flapping_link_is_let_be_for_a_while(losses: int, spaced: bool) -> None:
    times = tuple(NOW - timedelta(minutes=minute) for minute in range(losses, 0, -1))
    known = DestinationState(status="live", losses=times)
    change = follow(NAME, known, ended(5), Situation(NOW)).change
    assert change is not None
    assert change.next_attempt_at == NOW + timedelta(seconds=SPACING_S if spaced else 2)


def test_losses_of_long_ago_and_tries_that_never_went_live_cost_nothing() -> None:
    long_ago = (NOW - timedelta(hours=2),) * 10
    lately = (NOW - timedelta(minutes=2),) * 10
    forgotten = DestinationState(status="live", losses=long_ago)
    trying = DestinationState(status="retrying", losses=lately)
    assert pause(forgotten, 1, Situation(NOW)) == pause(trying, 1, Situation(NOW)) == delay(1, 0)


def test_what_is_degraded_is_still_on_air() -> None:
    fact = StreamFact(url="u", started_at_ns=ns(NOW))
    assert follow(NAME, DestinationState(status="degraded"), fact, Situation(NOW)) == Step()
    lost = follow(NAME, DestinationState(status="degraded"), ended(9), Situation(NOW)).change
    assert lost is not None
    assert lost.status == "retrying"
