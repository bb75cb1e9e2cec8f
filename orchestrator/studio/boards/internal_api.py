"""What a programme's recorder asks: what is drawn on the page that it shows."""

from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from orchestrator.core.database import Database
from orchestrator.studio.boards import service
from schema.studio import Whiteboard


class RecordedWhiteboardsController(Controller):
    path = "/api/internal/sessions/{session_id:uuid}/whiteboards"
    include_in_schema = False

    @get("/{board_id:uuid}")
    async def recorded_whiteboard(
        self,
        session_id: FromPath[UUID],
        board_id: FromPath[UUID],
        database: NamedDependency[Database],
    ) -> Whiteboard:
        """All pages; events after `sequence` go on from there."""
        async with database.system_transaction() as tx:
            return await service.whiteboard(tx, session_id, board_id)
