import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.media.clock import SAMPLE_RATE, MediaClock
from agents.media.sound.limiter import CEILING, Limiter
from agents.media.sound.mixer import Mixer
from tests.agents.media.studio import ORIGIN_S, steps, tone
from tests.support.speakers import FILE, encoded

DELAY_S = 0.08
TICK = 1600


def mixer(*sources: str) -> Mixer:
    mix = Mixer(MediaClock(ORIGIN_S, 30, 60))
    for source in sources:
        mix.add(source)
    return mix


def pull_s(mix: Mixer, start_s: float, end_s: float) -> npt.NDArray[np.float32]:
    first, last = round(start_s * 30), round(end_s * 30)
    return np.concatenate([mix.pull(n * TICK, TICK) for n in range(first, last)])


def talk(
    mix: Mixer, source: str, arrivals: list[tuple[float, npt.NDArray[np.int16]]], end_s: float
) -> npt.NDArray[np.float32]:
    """Pushes each chunk at its arrival and pulls in step, as the programme does."""
    out, waiting = [], sorted(arrivals, key=lambda arrival: arrival[0])
    for n in range(round(end_s * 30)):
        while waiting and waiting[0][0] <= n / 30:
            at_s, samples = waiting.pop(0)
            mix.push(source, samples, ORIGIN_S + at_s + DELAY_S)
        out.append(mix.pull(n * TICK, TICK))
    return np.concatenate(out)


def test_nobody_is_digital_silence() -> None:
    assert not pull_s(mixer("a", "b"), 0, 1).any()


def test_mono_is_heard_on_both_sides_unchanged() -> None:
    mix = mixer("a")
    mix.push("a", tone(0, 0.1), ORIGIN_S)
    heard = mix.pull(0, TICK)
    assert heard.shape == (TICK, 2)
    assert np.array_equal(heard[:, 0], tone(0, TICK / SAMPLE_RATE))
    assert np.array_equal(heard[:, 0], heard[:, 1])


def test_voices_add_up() -> None:
    mix = mixer("a", "b")
    mix.push("a", tone(0, 0.1, peak=3000), ORIGIN_S)
    mix.push("b", tone(0, 0.1, peak=5000), ORIGIN_S)
    assert np.abs(mix.pull(0, TICK)[:, 0] - tone(0, TICK / SAMPLE_RATE, peak=8000)).max() <= 1


def test_a_stranger_and_one_who_left_are_not_heard() -> None:
    mix = mixer("a")
    mix.push("stranger", tone(0, 0.1), ORIGIN_S)
    mix.push("a", tone(0, 0.1), ORIGIN_S)
    mix.remove("a")
    assert not mix.pull(0, TICK).any()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.0, 0.04), min_size=200, max_size=200))
def test_jitter_up_to_40_ms_is_not_heard(late_s: list[float]) -> None:
    sent = list(steps(0.0, 2.0, 0.01))
    # Later chunks never overtake: the transport keeps their order.
    arrived = np.maximum.accumulate(np.array(sent) + np.array(late_s))
    heard = talk(
        mixer("a"), "a", [(at, tone(t, 0.01)) for at, t in zip(arrived, sent, strict=True)], 2.0
    )
    voice = heard[np.argmax(heard[:, 0] != 0) :, 0].astype(np.float64)
    steepest = 2 * np.pi * 440 / SAMPLE_RATE * 8000
    assert np.abs(np.diff(voice)).max() < 1.2 * steepest


def test_a_burst_after_a_stall_catches_up() -> None:
    """The event loop stands still for 300 ms: what should have been heard meanwhile is lost, and nothing else."""
    sent = list(steps(0.0, 3.0, 0.01))
    arrivals = [(1.3 if 1.0 <= t < 1.3 else t, tone(t, 0.01)) for t in sent]
    heard = talk(mixer("a"), "a", arrivals, 3.0)[:, 0]
    expected = tone(0, 3.0 - DELAY_S)
    after = slice(round(1.34 * SAMPLE_RATE), round(2.9 * SAMPLE_RATE))
    shift = round(DELAY_S * SAMPLE_RATE)
    assert np.array_equal(heard[after], expected[after.start - shift : after.stop - shift])


def test_someone_who_paused_is_heard_in_time_again() -> None:
    arrivals = [(t, tone(t, 0.01)) for t in steps(0.0, 1.0, 0.01)]
    arrivals += [(t, tone(t, 0.01)) for t in steps(3.0, 4.0, 0.01)]
    heard = np.flatnonzero(talk(mixer("a"), "a", arrivals, 5.0)[:, 0]) / SAMPLE_RATE
    assert heard[0] == pytest.approx(DELAY_S, abs=0.002)
    assert heard[heard < 2][-1] == pytest.approx(1.0 + DELAY_S, abs=0.002)
    assert heard[heard > 2][0] == pytest.approx(3.0 + DELAY_S, abs=0.002)


@pytest.mark.parametrize("speed", [0.9995, 1.0005])
def test_a_sender_whose_clock_is_off_stays_in_time(speed: float) -> None:
    """500 ppm is ten times what a sound card may be off; a minute of it would be 30 ms."""
    sent = list(steps(0.0, 60.0, 0.01))
    beeps = [tone(t, 0.01) if t % 1 < 0.035 else np.zeros(480, np.int16) for t in sent]
    heard = talk(mixer("a"), "a", [(t * speed, b) for t, b in zip(sent, beeps, strict=True)], 58.0)[
        :, 0
    ]
    begins = [n * speed + DELAY_S for n in range(50, 57)]
    loud = np.flatnonzero(np.abs(heard) > 1000) / SAMPLE_RATE
    for begin in begins:
        nearest = loud[np.argmin(np.abs(loud - begin - 0.005))]
        assert abs(nearest - begin) < 0.025


def test_the_limiter_leaves_one_voice_alone_and_holds_many() -> None:
    limiter = Limiter()
    one = np.repeat(tone(0, 0.1, peak=20_000)[:, None], 2, axis=1).astype(np.float32)
    assert np.array_equal(limiter.apply(one), one.astype(np.int16))
    many = limiter.apply(one * 6)
    assert np.abs(many.astype(np.int32)).max() <= CEILING
    settled = limiter.apply(one * 6)[:, 0].astype(np.float64)
    # Lowered, not clipped: the shape is still the sine's.
    assert np.corrcoef(settled, one[:, 0])[0, 1] > 0.999


@given(st.lists(st.floats(-300_000, 300_000, width=32), min_size=1, max_size=64))
def test_the_limiter_never_overflows(values: list[float]) -> None:
    block = np.array(values, np.float32)[:, None].repeat(2, axis=1)
    assert np.abs(Limiter().apply(block).astype(np.int32)).max() <= CEILING


def say(mix: Mixer, source: str, start_s: float, end_s: float, peak: int = 8000) -> None:
    for t in steps(start_s, end_s, 0.01):
        mix.push(source, tone(t, 0.01, peak=peak), ORIGIN_S + t)


def test_who_speaks_is_active_until_another_does() -> None:
    mix = mixer("a", "b")
    active = [mix.active]
    for second, source in enumerate("a--b"):
        say(mix, source, second, second + 1)
        pull_s(mix, second, second + 1)
        active.append(mix.active)
    assert active == [None, "a", "a", "a", "b"]


def test_a_cough_and_a_murmur_take_no_place() -> None:
    mix = mixer("a", "b", "c")
    say(mix, "a", 0, 2)
    say(mix, "b", 1, 1.2, peak=20_000)
    say(mix, "c", 0, 2, peak=50)
    pull_s(mix, 0, 2)
    assert mix.active == "a"


@pytest.mark.parametrize(("duration_s", "active"), [(1.2, "a"), (2.0, "b")])
def test_talking_over_someone_takes_longer_than_answering(duration_s: float, active: str) -> None:
    mix = mixer("a", "b")
    for second in range(4):
        say(mix, "a", second, second + 1)
        say(mix, "b", max(1.0, second), min(second + 1, 1.0 + duration_s), peak=20_000)
        pull_s(mix, second, second + 1)
        if second == 2:
            assert mix.active == active


def test_nobody_is_active_after_they_left() -> None:
    mix = mixer("a")
    say(mix, "a", 0, 1)
    pull_s(mix, 0, 1)
    mix.remove("a")
    assert mix.active is None


def test_the_cases_of_the_other_who_hears_are_up_to_date() -> None:
    """web/egress/speaking is held to them; `python -m tests.support.speakers` writes them anew."""
    assert FILE.read_bytes() == encoded()
