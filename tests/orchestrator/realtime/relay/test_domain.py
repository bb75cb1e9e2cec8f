"""Who relays: no event is forgotten, none is sent by both while the agent works."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.realtime.relay.domain import GRACE_S, Owed, decide
from tests.orchestrator.realtime.test_tail import stored


def owed(*sequences: int, since_s: float = 0.0) -> list[Owed]:
    return [Owed(stored(sequence), since_s) for sequence in sequences]


def test_without_an_agent_everything_goes_at_once() -> None:
    verdict = decide(owed(4, 5), reached=None, now_s=0.0)
    assert [event.sequence for event in verdict.send] == [4, 5]
    assert verdict.keep == ()


def test_what_the_agent_has_relayed_is_done() -> None:
    verdict = decide(owed(4, 5), reached=5, now_s=60.0)
    assert (verdict.send, verdict.keep) == ((), ())


def test_an_agent_that_works_is_given_its_time() -> None:
    verdict = decide(owed(4, 5), reached=4, now_s=GRACE_S / 2)
    assert verdict.send == ()
    assert [one.event.sequence for one in verdict.keep] == [5]


def test_an_agent_that_is_silent_loses_all_that_waits_for_it() -> None:
    late, fresh = owed(4), owed(5, since_s=GRACE_S)
    verdict = decide([*late, *fresh], reached=3, now_s=GRACE_S)
    assert [event.sequence for event in verdict.send] == [4, 5]
    assert verdict.keep == ()


def test_into_an_empty_room_nothing_is_sent_and_only_what_is_fresh_is_kept() -> None:
    stale, fresh = owed(4), owed(5, since_s=1.0)
    verdict = decide([*stale, *fresh], reached=None, now_s=GRACE_S, attended=False)
    assert verdict.send == ()
    assert [one.event.sequence for one in verdict.keep] == [5]


def test_what_was_said_just_before_somebody_was_known_to_be_there_reaches_them() -> None:
    kept = decide(owed(4), reached=None, now_s=0.5, attended=False).keep
    verdict = decide([*kept, *owed(5, since_s=0.6)], reached=None, now_s=0.6)
    assert [event.sequence for event in verdict.send] == [4, 5]


@given(
    ages_s=st.lists(st.floats(0, 2 * GRACE_S), max_size=10),
    reached=st.none() | st.integers(0, 12),
)
def test_each_event_is_sent_kept_or_relayed_and_never_two_of_them(
    ages_s: list[float], reached: int | None
) -> None:
    now_s = 100.0
    waiting = [Owed(stored(n), now_s - age) for n, age in enumerate(ages_s, start=1)]
    verdict = decide(waiting, reached, now_s)
    sent = [event.sequence for event in verdict.send]
    kept = [one.event.sequence for one in verdict.keep]
    relayed = [one.event.sequence for one in waiting if one.event.sequence <= (reached or 0)]
    assert sorted(sent + kept + relayed) == list(range(1, len(ages_s) + 1))
    assert sent == sorted(sent)
    assert not (sent and kept)
