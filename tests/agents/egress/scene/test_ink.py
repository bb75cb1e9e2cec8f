"""Lines on a page, from the pixels."""

from uuid import UUID, uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from agents.egress.scene.ink import Ink, dots
from schema import events as e
from schema.studio import Stroke

GROUND = Image.new("RGB", (400, 200), "white")
BOARD, SOMEBODY = uuid4(), uuid4()
PLACES = st.lists(st.integers(0, 10_000), min_size=2, max_size=60).filter(lambda p: len(p) % 2 == 0)


def line(points: list[int], *, width: int = 500, name: UUID | None = None) -> Stroke:
    """Of 20 pixels, and red."""
    return Stroke(name or uuid4(), "#ff0000", width, points)


def drawn(*strokes: Stroke) -> e.Event:
    return e.WhiteboardDrawn(board_id=BOARD, page=1, user_id=SOMEBODY, strokes=list(strokes))


def erased(*names: UUID) -> e.Event:
    return e.WhiteboardErased(board_id=BOARD, page=1, user_id=SOMEBODY, strokes=list(names))


def pixel(ink: Ink, x: int, y: int) -> tuple[int, ...]:
    return tuple(int(value) for value in np.asarray(ink.on(GROUND))[y, x])


RED, WHITE = (255, 0, 0), (255, 255, 255)


def test_a_line_is_where_it_was_drawn_and_as_wide() -> None:
    ink = Ink([line([n * 100 for pair in ((20 + m, 50) for m in range(61)) for n in pair])])
    page = np.asarray(ink.on(GROUND))
    assert pixel(ink, 200, 100) == RED
    assert pixel(ink, 200, 80) == pixel(ink, 40, 100) == WHITE
    height = int((page[:, 200, 1] < 128).sum())
    assert 0.6 * 20 <= height <= 1.4 * 20


def test_a_tap_is_a_dot() -> None:
    ink = Ink([line([5000, 5000])])
    assert pixel(ink, 200, 100) == RED
    assert pixel(ink, 220, 100) == WHITE


def test_a_stroke_goes_on_where_it_ended_and_goes_as_a_whole() -> None:
    ink, name = Ink([]), uuid4()
    assert ink.take(drawn(line([1000, 5000, 3000, 5000], name=name)))
    assert pixel(ink, 250, 100) == WHITE
    assert ink.take(drawn(line([5000, 5000, 7000, 5000, 9000, 5000], name=name)))
    assert pixel(ink, 80, 100) == pixel(ink, 250, 100) == RED
    assert ink.take(erased(name))
    assert pixel(ink, 80, 100) == pixel(ink, 250, 100) == WHITE


def test_clearing_leaves_the_ground() -> None:
    ink = Ink([line([0, 0, 10_000, 10_000]), line([0, 10_000, 10_000, 0])])
    assert pixel(ink, 200, 100) == RED
    assert ink.take(e.WhiteboardCleared(board_id=BOARD, page=1, user_id=SOMEBODY))
    assert np.array_equal(np.asarray(ink.on(GROUND)), np.asarray(GROUND))


def test_what_is_no_drawing_changes_nothing() -> None:
    assert not Ink([]).take(e.WhiteboardShown(shown_by=SOMEBODY))


@given(PLACES, PLACES)
def test_what_is_on_the_page_stays_when_the_stroke_goes_on(
    begun: list[int], more: list[int]
) -> None:
    before = dots(line(begun), 400, 200)
    after = dots(line(begun + more), 400, 200)
    assert after[: len(before)] == before
    assert all(0 < radius <= 20 for _, _, radius in after)


@given(st.lists(PLACES, min_size=1, max_size=4))
def test_pieces_come_to_the_same_as_all_at_once(pieces: list[list[int]]) -> None:
    name = uuid4()
    ink = Ink([])
    for piece in pieces:
        ink.take(drawn(line(piece, name=name)))
        ink.on(GROUND)
    whole = Ink([line([n for piece in pieces for n in piece], name=name)])
    one, other = (np.asarray(made.on(GROUND), np.int16) for made in (ink, whole))
    # Where two pieces meet, soft edges lie over each other.
    assert (np.abs(one - other).max(axis=2) > 130).mean() < 0.01
    assert (one.min(axis=2) < 128).sum() == pytest.approx(
        (other.min(axis=2) < 128).sum(), rel=0.15, abs=40
    )
