"""The order in which captions leave: clients replace by segment id, so the last one sent must be right."""

from hypothesis import given
from hypothesis import strategies as st

from agents.room.text.captions import MOST_PER_S, SPACING_S, Allowance, Caption, CaptionQueue


def caption(segment: str, text: str, *, final: bool = False) -> Caption:
    return Caption(segment, "speaker", "TR_1", text, "en", 0, 1000, final)


def new_queue(allowance: Allowance | None = None, *, captioned: bool = True) -> CaptionQueue:
    return CaptionQueue(allowance or Allowance(), lambda: captioned)


def sent(queue: CaptionQueue, now_s: float) -> list[str]:
    taken = iter(lambda: queue.take(now_s), None)
    return [f"{c.segment_id}:{c.text}{'.' if c.final else ''}" for c in taken]


def test_a_final_leaves_at_once_and_takes_the_place_of_its_partial() -> None:
    queue = new_queue()
    queue.offer(caption("a", "it"))
    assert sent(queue, 0.0) == ["a:it"]
    queue.offer(caption("a", "it was"))
    queue.offer(caption("a", "it was the best", final=True))
    assert sent(queue, 0.0) == ["a:it was the best."]


def test_partials_keep_their_distance_and_only_the_latest_leaves() -> None:
    queue = new_queue()
    queue.offer(caption("a", "it"))
    assert sent(queue, 0.0) == ["a:it"]
    queue.offer(caption("a", "it was"))
    queue.offer(caption("a", "it was the"))
    assert sent(queue, SPACING_S / 2) == []
    assert queue.wait_s(SPACING_S / 2) == SPACING_S / 2
    assert sent(queue, SPACING_S) == ["a:it was the"]


def test_unchanged_text_is_not_sent_again() -> None:
    queue = new_queue()
    queue.offer(caption("a", "it"))
    assert sent(queue, 0.0) == ["a:it"]
    queue.offer(caption("a", "it"))
    assert queue.wait_s(1.0) is None


def test_an_empty_final_takes_back_what_was_shown_but_says_nothing_of_what_was_not() -> None:
    queue = new_queue()
    queue.offer(caption("a", "you"))
    assert sent(queue, 0.0) == ["a:you"]
    queue.offer(caption("a", "", final=True))
    queue.offer(caption("b", "", final=True))
    assert sent(queue, 0.0) == ["a:."]


def test_what_waits_is_not_said_of_somebody_who_is_not_captioned_any_more() -> None:
    said = [True]
    queue = CaptionQueue(Allowance(), lambda: said[0])
    queue.offer(caption("a", "it"))
    assert sent(queue, 0.0) == ["a:it"]
    queue.offer(caption("a", "it was", final=True))
    queue.offer(caption("b", "the best"))
    said[0] = False
    assert sent(queue, 1.0) == ["a:."]
    assert queue.wait_s(1.0) is None


def test_two_tracks_of_a_person_share_what_may_leave_in_a_second_finals_too() -> None:
    allowance = Allowance()
    first, second = new_queue(allowance), new_queue(allowance)
    for number in range(3):
        first.offer(caption(f"a{number}", "yes", final=True))
        second.offer(caption(f"b{number}", "no", final=True))
    assert len(sent(first, 0.0)) == MOST_PER_S
    assert sent(second, 0.9) == []
    assert second.wait_s(0.25) == 0.75
    assert len(sent(second, 1.0)) == MOST_PER_S


steps = st.lists(
    st.one_of(
        st.builds(
            caption, st.sampled_from("abc"), st.sampled_from(["", "x", "x y"]), final=st.booleans()
        ),
        st.floats(0, 1),
    ),
    max_size=40,
)


@given(steps)
def test_nothing_of_a_segment_follows_its_final_and_no_second_has_more_than_three(
    actions: list[Caption | float],
) -> None:
    queue, now_s = new_queue(), 0.0
    closed: set[str] = set()
    finals: list[str] = []
    times: list[float] = []
    for action in actions:
        if isinstance(action, Caption):
            queue.offer(action)
            continue
        now_s += action
        while (taken := queue.take(now_s)) is not None:
            assert taken.segment_id not in closed
            if taken.final:
                closed.add(taken.segment_id)
                finals.append(taken.segment_id)
            times.append(now_s)
    assert len(finals) == len(set(finals))
    assert all(b - a >= 1 - 1e-9 for a, b in zip(times, times[MOST_PER_S:], strict=False))
