"""Follows what is drawn on the page that is shown: all of it from the control plane, then each event as it comes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol
from uuid import UUID

import msgspec
import structlog

from agents.egress.scene.ink import Ink
from orchestrator.core.control_client import ControlClient, ControlRefused, ControlUnavailable
from schema import events as e
from schema.agents import EventPage
from schema.studio import DrawnStroke, Stroke, Whiteboard

log = structlog.get_logger(__name__)

WAIT_MS = 25_000
RETRY_S = 1.0


class Place(msgspec.Struct, frozen=True):
    """A page of an asset, or the blank board of the class."""

    asset_id: UUID | None
    page: int


Changed = Callable[[Ink], Awaitable[None]]
"""Takes all lines of a page, at first and after each change."""


class Boards(Protocol):
    """Where the stage hears of drawing."""

    async def follow(self, place: Place, changed: Changed) -> None:
        """Until cancelled or the end of class."""


class DrawnBoards:
    """The boards of one class."""

    def __init__(self, control: ControlClient, session_id: UUID) -> None:
        self._control = control
        self._session_id = session_id

    async def follow(self, place: Place, changed: Changed) -> None:
        while True:
            try:
                await self._follow(place, changed)
            except ControlUnavailable:
                log.info("drawing_unheard", retry_s=RETRY_S)
                await asyncio.sleep(RETRY_S)
            except ControlRefused as refusal:
                log.warning("drawing_refused", code=refusal.code)
                return
            else:
                return

    async def _follow(self, place: Place, changed: Changed) -> None:
        """Raises ControlUnavailable, ControlRefused."""
        session = f"/api/internal/sessions/{self._session_id}"
        board_id = place.asset_id or self._session_id
        board = await self._control.get(f"{session}/whiteboards/{board_id}", Whiteboard)
        ink = Ink([_stroke(one) for one in board.strokes if one.page == place.page])
        await changed(ink)
        after, over = board.sequence, False
        while not over:
            path = f"{session}/events?after={after}&waitMs={WAIT_MS}&relays=false"
            news = await self._control.get(path, EventPage)
            told = [
                ink.take(one.payload) for one in news.items if _here(one.payload, board_id, place)
            ]
            if any(told):
                await changed(ink)
            after = news.items[-1].sequence if news.items else after
            over = news.closed


def _here(payload: e.Event, board_id: UUID, place: Place) -> bool:
    match payload:
        case (
            e.WhiteboardDrawn(board_id=board, page=page)
            | e.WhiteboardErased(board_id=board, page=page)
            | e.WhiteboardCleared(board_id=board, page=page)
        ):
            return (board, page) == (board_id, place.page)
        case _:
            return False


def _stroke(drawn: DrawnStroke) -> Stroke:
    return Stroke(drawn.id, drawn.color, drawn.width, drawn.points)
