"""What may be drawn, and what the drawing comes to: pure. Strokes are too many for the folded state, so they come as arguments."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from msgspec.structs import replace

from orchestrator.sessions.domain import member
from orchestrator.state.session import SessionState
from orchestrator.studio.scenes.domain import require_open
from schema import events as e
from schema.errors import Forbidden, InvalidField, NotFound, StudioFull
from schema.studio import Stroke

MAX_STROKES = 5000
# x and y count each. A batch must fit a data packet of 15 kB with all its keys.
MAX_NUMBERS_A_BATCH = 2000
MAX_NUMBERS_A_STROKE = 20_000


class DrawnState(msgspec.Struct, frozen=True):
    """A stroke on a page of a board; `points` is x, y, x, y, ..."""

    board_id: UUID
    page: int
    user_id: UUID
    color: str
    width: int
    points: tuple[int, ...]


class Place(msgspec.Struct, frozen=True):
    """A page of a board, and who acts there."""

    board_id: UUID
    page: int
    user_id: UUID
    staff: bool


Drawing = dict[UUID, DrawnState]


def evolve(drawing: Drawing, payload: e.Event) -> Drawing:
    """All boards of a session, in drawing order."""
    match payload:
        case e.WhiteboardDrawn() as drawn:
            return drawing | {stroke.id: _grown(drawing, drawn, stroke) for stroke in drawn.strokes}
        case e.WhiteboardErased(strokes=ids):
            return {key: stroke for key, stroke in drawing.items() if key not in set(ids)}
        case e.WhiteboardCleared(board_id=board, page=page):
            return {
                key: stroke
                for key, stroke in drawing.items()
                if (stroke.board_id, stroke.page) != (board, page)
            }
        case e.AssetRemoved(asset_id=board):
            return {key: stroke for key, stroke in drawing.items() if stroke.board_id != board}
        case _:
            return drawing


def draw(
    state: SessionState,
    session_id: UUID,
    at: Place,
    strokes: Sequence[Stroke],
    known: Mapping[UUID, DrawnState],
    count: int,
) -> list[e.Event]:
    """`known` are those of `strokes` that go on, `count` is how many the page has.

    Raises SessionOver, SessionNotLive, Forbidden, NotFound, InvalidField, StudioFull.
    """
    _admit(state, session_id, at)
    _check(strokes)
    for stroke in strokes:
        if stroke.id in known:
            _check_continued(known[stroke.id], stroke, at)
    if count + len(strokes) - len(known) > MAX_STROKES:
        raise StudioFull("This board is full; clear it to go on.")
    return [
        e.WhiteboardDrawn(
            board_id=at.board_id, page=at.page, user_id=at.user_id, strokes=list(strokes)
        )
    ]


def erase(
    state: SessionState, session_id: UUID, at: Place, known: Mapping[UUID, DrawnState]
) -> list[e.Event]:
    """What is gone already needs no eraser. Raises as `draw`, and Forbidden for another's stroke but to staff."""
    _admit(state, session_id, at)
    there = {
        key: one for key, one in known.items() if (one.board_id, one.page) == (at.board_id, at.page)
    }
    if not at.staff and any(stroke.user_id != at.user_id for stroke in there.values()):
        raise Forbidden("Only who drew a stroke, or staff, may erase it.")
    if not there:
        return []
    return [
        e.WhiteboardErased(
            board_id=at.board_id, page=at.page, user_id=at.user_id, strokes=list(there)
        )
    ]


def clear(state: SessionState, session_id: UUID, at: Place, count: int) -> list[e.Event]:
    """Raises as `draw`, and Forbidden but to staff."""
    _admit(state, session_id, at)
    if not at.staff:
        raise Forbidden("Only staff may clear a board.")
    if count == 0:
        return []
    return [e.WhiteboardCleared(board_id=at.board_id, page=at.page, user_id=at.user_id)]


def show(state: SessionState, user_id: UUID) -> list[e.Event]:
    """Raises SessionOver."""
    require_open(state)
    return [] if state.studio.whiteboard else [e.WhiteboardShown(shown_by=user_id)]


def hide(state: SessionState, user_id: UUID) -> list[e.Event]:
    """Raises SessionOver."""
    require_open(state)
    return [e.WhiteboardHidden(hidden_by=user_id)] if state.studio.whiteboard else []


def _admit(state: SessionState, session_id: UUID, at: Place) -> None:
    require_open(state)
    _check_board(state, session_id, at)
    if not at.staff and not member(state, session_id, at.user_id).permissions.draw:
        raise Forbidden("Ask the teacher for the right to draw.")


def _check_board(state: SessionState, session_id: UUID, at: Place) -> None:
    if at.board_id == session_id and at.page == 1:
        return
    asset = state.studio.assets.get(at.board_id)
    if asset is None or at.page > len(asset.pages):
        raise NotFound("There is no such board in this session.")


def _check(strokes: Sequence[Stroke]) -> None:
    if len({stroke.id for stroke in strokes}) < len(strokes):
        raise InvalidField("strokes", "The same stroke stands twice in this batch.")
    if any(len(stroke.points) % 2 for stroke in strokes):
        raise InvalidField("strokes", "Points are pairs of x and y.")
    if sum(len(stroke.points) for stroke in strokes) > MAX_NUMBERS_A_BATCH:
        raise InvalidField("strokes", f"Send at most {MAX_NUMBERS_A_BATCH // 2} points at once.")


def _check_continued(known: DrawnState, stroke: Stroke, at: Place) -> None:
    if (known.board_id, known.page, known.user_id) != (at.board_id, at.page, at.user_id):
        raise Forbidden("Only who drew a stroke may go on with it, on the same page.")
    if len(known.points) + len(stroke.points) > MAX_NUMBERS_A_STROKE:
        raise InvalidField("strokes", "This stroke is too long; lift the pen.")


def _grown(drawing: Drawing, drawn: e.WhiteboardDrawn, stroke: Stroke) -> DrawnState:
    known = drawing.get(stroke.id)
    if known is not None:
        return replace(known, points=(*known.points, *stroke.points))
    return DrawnState(
        drawn.board_id, drawn.page, drawn.user_id, stroke.color, stroke.width, tuple(stroke.points)
    )
