"""Texts in every script: cut into runs, in the order in which they are drawn, and fitted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, features

from agents.media.text.fonts import Run, runs
from agents.media.text.line import draw, shorten, width_px, wrap

texts = st.text(
    st.sampled_from("aZ\u017e 1.,\u8bfe\u3055\uae40\u05e9\u05dc\u0645\u062d\u00e9\U0001f600"),
    max_size=30,
)


def ink(text: str) -> float:
    """The share of lit pixels."""
    image = Image.new("RGB", (600, 80))
    draw(image, (10, 40), text, 40, (255, 255, 255))
    return float(np.asarray(image).mean()) / 255


def test_a_text_is_cut_where_its_script_changes() -> None:
    assert runs("Dr. \u674e\u5c0f\u9f8d") == [
        Run("Dr. ", "latin"),
        Run("\u674e\u5c0f\u9f8d", "cjk"),
    ]
    assert runs("") == []
    assert runs("2 + 2") == [Run("2 + 2", "latin")]


def test_what_begins_right_to_left_has_its_runs_from_the_right() -> None:
    assert runs("\u05e9\u05e8\u05d4 Anna") == [
        Run("Anna", "latin"),
        Run("\u05e9\u05e8\u05d4 ", "hebrew"),
    ]


@given(texts)
def test_no_letter_is_lost(text: str) -> None:
    assert sorted("".join(run.text for run in runs(text))) == sorted(text)


@given(texts, st.integers(20, 300))
def test_lines_fit_or_are_one_word(text: str, room_px: int) -> None:
    lines = wrap(text, 20, room_px)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_px(line, 20) <= room_px or " " not in line for line in lines)
    assert width_px(shorten(text, 20, room_px), 20) <= max(room_px, width_px("...", 20))


@pytest.mark.parametrize("letters", ["\u05e9\u05dc\u05d5\u05dd", "\u0645\u062d\u0645\u062f"])
def test_all_scripts_are_drawn_in_the_same_weight(letters: str) -> None:
    """Hairlines, which the fonts would give by themselves, have two fifths of it."""
    assert ink(letters) / width_px(letters, 40) > 0.5 * ink("Anna") / width_px("Anna", 40)


@pytest.mark.skipif(not features.check("raqm"), reason="no fribidi on this system")
def test_arabic_letters_are_joined() -> None:
    apart = sum(width_px(letter, 40) for letter in "\u0645\u062d\u0645\u062f")
    assert width_px("\u0645\u062d\u0645\u062f", 40) != pytest.approx(apart, rel=0.02)
