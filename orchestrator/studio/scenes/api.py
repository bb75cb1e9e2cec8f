"""/api/studio/scenes: what the class is shown, prepared and switched."""

from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.http.idempotency import Write
from orchestrator.http.precondition import IfMatch, based_on, etag
from orchestrator.sessions.roles import reader
from orchestrator.studio.scenes import service
from orchestrator.studio.scenes.service import Scenes
from schema.base import Command, Page
from schema.studio import ChangeScene, CreateScene, Scene


class SessionScenesController(Controller):
    path = "/api/sessions/{session_id:uuid}/scenes"
    tags = ("studio",)

    @get()
    async def session_scenes(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
    ) -> Page[Scene]:
        """As they were made. When none is active, the default layout is shown."""
        async with database.transaction(principal.tenant_id) as tx:
            await reader(tx, principal, session_id)
            return Page(items=await service.of_session(tx, session_id))


class ScenesController(Controller):
    path = "/api/studio/scenes"
    tags = ("studio",)

    @post()
    async def create_scene(
        self,
        data: JSONBody[CreateScene],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        scenes: NamedDependency[Scenes],
    ) -> Response[Scene]:
        """It is shown once it is activated."""
        made = await write.once(
            data, lambda tx, key: scenes.create(tx, key, principal, data), Scene
        )
        return _versioned(made)

    @get("/{scene_id:uuid}")
    async def scene(
        self,
        scene_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
    ) -> Response[Scene]:
        async with database.transaction(principal.tenant_id) as tx:
            known = await service.scene(tx, principal, scene_id)
            await reader(tx, principal, known.session_id)
        return _versioned(known)

    @patch("/{scene_id:uuid}")
    async def change_scene(
        self,
        scene_id: FromPath[UUID],
        data: JSONBody[ChangeScene],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        scenes: NamedDependency[Scenes],
        if_match: IfMatch = None,
    ) -> Response[Scene]:
        """What is left out stays; a new slide is shown at once where the scene is active."""
        version = based_on(if_match)
        return _versioned(
            await write.once(
                data,
                lambda tx, key: scenes.change(tx, key, principal, scene_id, data, version),
                Scene,
            )
        )

    @delete("/{scene_id:uuid}")
    async def delete_scene(
        self,
        scene_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        scenes: NamedDependency[Scenes],
        if_match: IfMatch = None,
    ) -> None:
        """Its slides stay in the session."""
        version = based_on(if_match)

        async def work(tx: Transaction, key: str) -> Command:
            await scenes.delete(tx, key, principal, scene_id, version)
            return Command()

        await write.once(Command(), work, Command)

    @post("/{scene_id:uuid}/activate", status_code=200)
    async def activate_scene(
        self,
        scene_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        scenes: NamedDependency[Scenes],
        if_match: IfMatch = None,
    ) -> Response[Scene]:
        """The class sees it now; before the start it is what the class begins with."""
        version = based_on(if_match)
        return _versioned(
            await write.once(
                Command(),
                lambda tx, key: scenes.activate(tx, key, principal, scene_id, version),
                Scene,
            )
        )

    @post("/{scene_id:uuid}/deactivate", status_code=200)
    async def deactivate_scene(
        self,
        scene_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        scenes: NamedDependency[Scenes],
        if_match: IfMatch = None,
    ) -> Response[Scene]:
        """The class sees the default layout again."""
        version = based_on(if_match)
        return _versioned(
            await write.once(
                Command(),
                lambda tx, key: scenes.deactivate(tx, key, principal, scene_id, version),
                Scene,
            )
        )


def _versioned(scene: Scene) -> Response[Scene]:
    return Response(scene, headers=etag(scene.sequence))
