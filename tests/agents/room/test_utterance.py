"""Utterances from decisions: whatever is fed, what comes out is ordered, bounded and loses no speech."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.room.track.utterance import Close, Drop, Look, Policy, Segmenter, Step, windows

POLICY = Policy()
# Runs of speech and silence, as people produce them: from a click to half a minute.
runs = st.lists(st.tuples(st.booleans(), st.integers(1, windows(30_000))), max_size=12)


def fed(decisions: list[bool]) -> list[Step]:
    segmenter = Segmenter()
    steps = [step for speech in decisions for step in segmenter.feed(speech)]
    return [*steps, *segmenter.finish()]


def closes(steps: list[Step]) -> list[Close]:
    return [step for step in steps if isinstance(step, Close)]


def looked_at(decisions: list[bool]) -> list[int]:
    """After how many windows a look was due."""
    segmenter = Segmenter()
    steps = [segmenter.feed(speech) for speech in decisions]
    return [n for n, due in enumerate(steps, 1) if any(isinstance(one, Look) for one in due)]


def said(ms: int) -> list[bool]:
    return [True] * windows(ms)


def silent(ms: int) -> list[bool]:
    return [False] * windows(ms)


def test_an_utterance_ends_half_a_second_after_its_last_word() -> None:
    segmenter = Segmenter()
    for speech in [*silent(1000), *said(2000), *silent(480)]:
        assert not closes(segmenter.feed(speech))
    (closed,) = closes(segmenter.feed(speech=False))
    assert closed.onset == windows(1000)
    assert closed.last == windows(1000) + windows(2000)


def test_sound_before_the_first_word_and_after_the_last_is_heard_too() -> None:
    (closed,) = closes(fed([*silent(1000), *said(2000), *silent(1000)]))
    assert closed.onset - closed.lead == POLICY.lead
    assert closed.end - closed.last == POLICY.tail


def test_a_click_is_no_utterance() -> None:
    assert fed([*silent(500), *said(100), *silent(2000)]) == [
        Drop(windows(500), windows(500) + windows(100) + windows(500))
    ]


def test_the_first_look_comes_early_and_others_in_steps() -> None:
    assert looked_at(said(3000)) == [POLICY.first_look + n * POLICY.step for n in range(5)]


def test_where_somebody_draws_breath_the_last_word_is_looked_at() -> None:
    looks = looked_at([*said(900), *silent(400)])
    assert looks == [POLICY.first_look, windows(900) + POLICY.breath]


def test_a_short_word_is_shown_before_it_is_sure_that_nothing_follows() -> None:
    assert looked_at([*said(400), *silent(400)]) == [windows(400) + POLICY.breath]


def test_nobody_looks_again_while_nothing_new_is_said() -> None:
    assert len(looked_at([*said(700), *silent(400)])) == 1


def test_a_breath_that_ends_an_utterance_is_left_to_the_final() -> None:
    assert max(looked_at([*said(5_000), *silent(400)])) <= windows(5_000)


def test_a_long_speech_is_cut_in_its_longest_late_break() -> None:
    breath = [False] * (POLICY.pause - 1)
    sip = [False] * 2
    speech = [*said(9000), *sip, *said(1000), *breath, *said(1000), *sip, *said(9000)]
    first = closes(fed(speech))[0]
    middle_of_breath = len(said(9000)) + 2 + len(said(1000)) + len(breath) / 2
    assert first.end == pytest.approx(middle_of_breath, abs=1)


def test_a_pause_late_in_a_long_utterance_ends_it() -> None:
    first, second = closes(fed([*said(9000), *silent(224), *said(2000), *silent(600)]))
    assert first.last == windows(9000)
    assert second.onset == windows(9000) + windows(224)


@given(runs)
def test_utterances_never_overlap_nor_exceed_the_cap(parts: list[tuple[bool, int]]) -> None:
    decisions = [speech for speech, length in parts for _ in range(length)]
    found = closes(fed(decisions))
    for closed in found:
        assert closed.lead <= closed.onset < closed.last <= closed.end <= len(decisions)
        assert closed.last - closed.onset <= POLICY.cap
    for before, after in itertools.pairwise(found):
        assert before.end <= after.lead


@given(runs)
def test_all_speech_but_clicks_is_heard(parts: list[tuple[bool, int]]) -> None:
    decisions = [speech for speech, length in parts for _ in range(length)]
    heard: set[int] = set()
    for closed in closes(fed(decisions)):
        heard.update(range(closed.lead, closed.end))
    start = 0
    for speech, length in parts:
        run, start = range(start, start + length), start + length
        # What is shorter than half a second may be a click, or a click's worth at the edge of a cut.
        if speech and length >= windows(500):
            assert len(set(run) - heard) < POLICY.shortest


@given(runs)
def test_looks_belong_to_the_utterance_that_closes_after_them(
    parts: list[tuple[bool, int]],
) -> None:
    onset: int | None = None
    for step in fed([speech for speech, length in parts for _ in range(length)]):
        if isinstance(step, Look):
            assert onset in (None, step.onset)
            onset = step.onset
        else:
            assert onset in (None, step.onset)
            onset = None


@given(runs)
def test_only_audio_that_can_still_be_needed_is_kept(parts: list[tuple[bool, int]]) -> None:
    segmenter = Segmenter()
    kept_from = 0
    for speech in [speech for speech, length in parts for _ in range(length)]:
        for step in segmenter.feed(speech):
            if isinstance(step, Look | Close):
                assert step.lead >= kept_from
        assert segmenter.oldest_needed >= kept_from
        kept_from = segmenter.oldest_needed
    for step in segmenter.finish():
        assert not isinstance(step, Close) or step.lead >= kept_from
