"""Who is heard next, for any order of requests: finals before all, and none ever lost."""

from hypothesis import given
from hypothesis import strategies as st

from agents.asr.backlog import PARTIAL_DEADLINE_S, Backlog, Waiting
from agents.asr.wire import Purpose


def waiting(
    utterance: str, purpose: Purpose, since_s: float, *, first: bool = False, client: int = 1
) -> Waiting[str]:
    return Waiting(client, utterance, purpose, first, since_s, f"{utterance}@{since_s:g}")


def order(backlog: Backlog[str]) -> list[str]:
    return [item.work for item in iter(backlog.take, None)]


def test_finals_come_first_then_first_partials_then_the_oldest() -> None:
    backlog = Backlog[str]()
    for item in (
        waiting("a", "partial", 1),
        waiting("b", "partial", 0.5),
        waiting("c", "partial", 2, first=True),
        waiting("d", "final", 3),
        waiting("e", "final", 2.5),
    ):
        backlog.add(item)
    assert order(backlog) == ["e@2.5", "d@3", "c@2", "b@0.5", "a@1"]


def test_a_newer_request_for_an_utterance_makes_its_partials_pointless() -> None:
    backlog = Backlog[str]()
    backlog.add(waiting("a", "partial", 1))
    backlog.add(waiting("a", "partial", 1, client=2))
    dropped = backlog.add(waiting("a", "final", 2))
    assert [item.client for item in dropped] == [1]
    assert order(backlog) == ["a@2", "a@1"]


requests = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.sampled_from("ab"),
        st.sampled_from(["partial", "final"]),
        st.floats(0, 1),
        st.booleans(),
    ),
    max_size=30,
)


@given(requests)
def test_no_final_is_lost_and_no_partial_comes_too_late(
    asked: list[tuple[int, str, Purpose, float, bool]],
) -> None:
    backlog, now_s = Backlog[str](), 0.0
    finals = taken_finals = 0
    for client, utterance, purpose, passed_s, take in asked:
        now_s += passed_s
        finals += purpose == "final"
        dropped = backlog.add(waiting(utterance, purpose, now_s, client=client))
        dropped += backlog.expire(now_s)
        assert all(item.purpose == "partial" for item in dropped)
        if take and (item := backlog.take()) is not None:
            taken_finals += item.purpose == "final"
            assert item.purpose == "final" or now_s - item.since_s <= PARTIAL_DEADLINE_S
    rest = [item.purpose for item in iter(backlog.take, None)]
    assert taken_finals + rest.count("final") == finals
    assert rest == sorted(rest)


def test_nobody_answers_a_client_that_left() -> None:
    backlog = Backlog[str]()
    backlog.add(waiting("a", "final", 0, client=1))
    backlog.add(waiting("b", "final", 1, client=2))
    backlog.forget(1)
    assert order(backlog) == ["b@1"]


def test_the_delay_is_that_of_the_oldest() -> None:
    backlog = Backlog[str]()
    assert backlog.delay_s(5.0) == 0.0
    backlog.add(waiting("a", "final", 3))
    backlog.add(waiting("b", "final", 4))
    assert backlog.delay_s(5.0) == 2.0
