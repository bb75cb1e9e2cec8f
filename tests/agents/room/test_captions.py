"""The order in which captions leave: clients replace by segment id, so the last one sent must be right."""

from hypothesis import given
from hypothesis import strategies as st

from agents.room.text.captions import SPACING_S, Caption, CaptionQueue


def caption(segment: str, text: str, *, final: bool = False) -> Caption:
    return Caption(segment, "speaker", "TR_1", text, "en", 0, 1000, final)


def sent(queue: CaptionQueue, now_s: float) -> list[str]:
    taken = iter(lambda: queue.take(now_s), None)
    return [f"{c.segment_id}:{c.text}{'.' if c.final else ''}" for c in taken]


def test_a_final_leaves_at_once_and_takes_the_place_of_its_partial() -> None:
    queue = CaptionQueue()
    queue.offer(caption("a", "it"))
    assert sent(queue, 0.0) == ["a:it"]
    queue.offer(caption("a", "it was"))
    queue.offer(caption("a", "it was the best", final=True))
    assert sent(queue, 0.0) == ["a:it was the best."]


def test_partials_keep_their_distance_and_only_the_latest_leaves() -> None:
    queue = CaptionQueue()
    queue.offer(caption("a", "it"))
    assert sent(queue, 0.0) == ["a:it"]
    queue.offer(caption("a", "it was"))
    queue.offer(caption("a", "it was the"))
    assert sent(queue, SPACING_S / 2) == []
    assert queue.wait_s(SPACING_S / 2) == SPACING_S / 2
    assert sent(queue, SPACING_S) == ["a:it was the"]


def test_unchanged_text_is_not_sent_again() -> None:
    queue = CaptionQueue()
    queue.offer(caption("a", "it"))
    assert sent(queue, 0.0) == ["a:it"]
    queue.offer(caption("a", "it"))
    assert queue.wait_s(1.0) is None


def test_an_empty_final_takes_back_what_was_shown_but_says_nothing_of_what_was_not() -> None:
    queue = CaptionQueue()
    queue.offer(caption("a", "you"))
    assert sent(queue, 0.0) == ["a:you"]
    queue.offer(caption("a", "", final=True))
    queue.offer(caption("b", "", final=True))
    assert sent(queue, 0.0) == ["a:."]


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
def test_nothing_of_a_segment_follows_its_final(actions: list[Caption | float]) -> None:
    queue, now_s = CaptionQueue(), 0.0
    closed: set[str] = set()
    finals: list[str] = []
    last_partial_s = float("-inf")
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
            else:
                assert now_s - last_partial_s >= SPACING_S - 1e-9
                last_partial_s = now_s
    assert len(finals) == len(set(finals))
