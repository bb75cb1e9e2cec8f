"""/api/studio/whiteboards: drawing on a blank board, or over slides and pictures."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database
from orchestrator.core.guard.limits import DRAWING, Limiter
from orchestrator.http.idempotency import Write
from orchestrator.sessions.roles import reader
from orchestrator.studio.boards import service
from orchestrator.studio.boards.service import Boards
from schema.base import Command
from schema.studio import BoardCommand, BoardReply, Draw, Erase, Whiteboard


class SessionWhiteboardsController(Controller):
    path = "/api/sessions/{session_id:uuid}"
    tags = ("studio",)

    @get("/whiteboards/{board_id:uuid}")
    async def whiteboard(
        self,
        session_id: FromPath[UUID],
        board_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
    ) -> Whiteboard:
        """What is drawn so far; go on with the events after `sequence`. The blank board has the session's id."""
        async with database.transaction(principal.tenant_id) as tx:
            await reader(tx, principal, session_id)
            return await service.whiteboard(tx, session_id, board_id)

    @post("/whiteboard/show", status_code=200)
    async def show_whiteboard(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        boards: NamedDependency[Boards],
    ) -> BoardReply:
        """The blank board lies over the scene, for everybody."""
        return await write.once(
            Command(),
            lambda tx, key: boards.show(tx, key, principal, session_id, shown=True),
            BoardReply,
        )

    @post("/whiteboard/hide", status_code=200)
    async def hide_whiteboard(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        boards: NamedDependency[Boards],
    ) -> BoardReply:
        """What is drawn stays on it."""
        return await write.once(
            Command(),
            lambda tx, key: boards.show(tx, key, principal, session_id, shown=False),
            BoardReply,
        )


class WhiteboardsController(Controller):
    path = "/api/studio/whiteboards/{board_id:uuid}"
    tags = ("studio",)

    @post("/strokes")
    async def draw_strokes(
        self,
        board_id: FromPath[UUID],
        data: JSONBody[Draw],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        boards: NamedDependency[Boards],
        limiter: NamedDependency[Limiter],
    ) -> BoardReply:
        """Staff, and who was given the right to draw."""
        await limiter.spend("drawing", str(principal.user_id), DRAWING)
        return await write.once(
            data, lambda tx, key: boards.draw(tx, key, principal, board_id, data), BoardReply
        )

    @post("/erase", status_code=200)
    async def erase_strokes(
        self,
        board_id: FromPath[UUID],
        data: JSONBody[Erase],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        boards: NamedDependency[Boards],
        limiter: NamedDependency[Limiter],
    ) -> BoardReply:
        """One's own; anybody's for staff."""
        await limiter.spend("drawing", str(principal.user_id), DRAWING)
        return await write.once(
            data, lambda tx, key: boards.erase(tx, key, principal, board_id, data), BoardReply
        )

    @post("/undo", status_code=200)
    async def undo_stroke(
        self,
        board_id: FromPath[UUID],
        data: JSONBody[BoardCommand],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        boards: NamedDependency[Boards],
        limiter: NamedDependency[Limiter],
    ) -> BoardReply:
        """One's own last stroke on this page."""
        await limiter.spend("drawing", str(principal.user_id), DRAWING)
        return await write.once(
            data, lambda tx, key: boards.undo(tx, key, principal, board_id, data), BoardReply
        )

    @post("/clear", status_code=200)
    async def clear_board(
        self,
        board_id: FromPath[UUID],
        data: JSONBody[BoardCommand],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        boards: NamedDependency[Boards],
        limiter: NamedDependency[Limiter],
    ) -> BoardReply:
        await limiter.spend("drawing", str(principal.user_id), DRAWING)
        return await write.once(
            data, lambda tx, key: boards.clear(tx, key, principal, board_id, data), BoardReply
        )
