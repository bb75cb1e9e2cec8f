from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agents.media.clock import SLACK_FRAMES, MediaClock, Tick
from tests.agents.media.studio import due

# Seconds that pass between two looks at the clock: mostly a frame, sometimes a long stall.
pauses = st.lists(st.floats(0.0, 3.0, allow_nan=False), min_size=1, max_size=40)


def clock() -> MediaClock:
    return MediaClock(origin_s=100.0, fps=30, gop_frames=60)


@given(pauses)
def test_no_sound_is_left_out_and_time_only_goes_forward(pauses_s: list[float]) -> None:
    media, now_s, ticks = clock(), 100.0, []
    for pause_s in pauses_s:
        now_s += pause_s
        ticks += list(due(media, now_s))
    assert [tick.number for tick in ticks] == list(range(len(ticks)))
    assert len(ticks) == int((now_s - 100.0) * 30 + 1e-6) + 1


@given(pauses)
def test_every_keyframe_is_made_however_late(pauses_s: list[float]) -> None:
    media, now_s, ticks = clock(), 100.0, []
    for pause_s in pauses_s:
        now_s += pause_s
        ticks += list(due(media, now_s))
    assert all(tick.picture == tick.key == True for tick in ticks if tick.number % 60 == 0)  # noqa: E712


def test_on_time_every_tick_has_its_picture() -> None:
    media = clock()
    ticks = [media.next_tick(media.due_s()) for _ in range(300)]
    assert ticks == [Tick(n, picture=True, key=n % 60 == 0) for n in range(300)]
    assert media.next_tick(media.due_s() - 0.001) is None


def test_a_hiccup_is_caught_up_without_loss() -> None:
    media = clock()
    assert all(tick.picture for tick in due(media, 100.0 + SLACK_FRAMES / 30))


def test_a_slow_machine_gets_an_even_lower_rate() -> None:
    """Each picture costs 1.6 frames of time and sound costs nothing: 30 fps cannot be held, 15 can."""
    media, now_s, pictures = clock(), 100.0, []
    while now_s < 120.0:
        tick = media.next_tick(now_s)
        if tick is None:
            now_s = media.due_s()
        elif tick.picture:
            pictures.append(tick.number)
            now_s += 1.6 / 30
    gaps = [b - a for a, b in pairwise(pictures)]
    assert max(gaps) <= 3
    assert 15 <= len(pictures) / 20 <= 20
    assert now_s - media.time_s(pictures[-1]) < 0.5
