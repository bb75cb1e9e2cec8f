"""What a room's agent asks: how this class is captioned."""

from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from orchestrator.captions.service import Captions
from orchestrator.core.database import Database
from schema.captions import RoomCaptions


class RoomCaptionsController(Controller):
    path = "/api/internal/sessions/{session_id:uuid}/captions/settings"
    include_in_schema = False

    @get()
    async def room_captions(
        self,
        session_id: FromPath[UUID],
        database: NamedDependency[Database],
        captions: NamedDependency[Captions],
    ) -> RoomCaptions:
        async with database.system_transaction() as tx:
            return await captions.of_room(tx, session_id)
