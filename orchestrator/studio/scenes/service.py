"""Scenes: load, decide, append; the log's relay shows them to everybody in the room."""

from collections.abc import Callable
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.auth.domain import STAFF, Principal
from orchestrator.core.clock import new_id
from orchestrator.core.database import Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.sessions.roles import role_in
from orchestrator.state.session import SessionState
from orchestrator.studio.scenes import domain
from orchestrator.studio.scenes.tables import studio_scenes as scenes
from schema.errors import NotFound
from schema.events import Event, SceneCreated
from schema.studio import ChangeScene, CreateScene, Scene

# A Scene is read by its names on the wire, a row has them in snake case.
NAMES = tuple((field.name, field.encode_name) for field in msgspec.structs.fields(Scene))
# State, scene, the version it is based on, and who decides.
Decide = Callable[[SessionState, UUID, int | None, UUID], list[Event]]


class Scenes:
    """Works inside the caller's transaction; `key` is the event key of the request (orchestrator.http.idempotency).

    Every write raises NotFound, Forbidden, SessionOver, and StaleEdit when `based_on` is an older version.
    """

    def __init__(self, events: EventLog[SessionState]) -> None:
        self._events = events

    async def create(
        self, tx: Transaction, key: str, principal: Principal, command: CreateScene
    ) -> Scene:
        """Raises StudioFull."""
        await role_in(tx, principal, command.session_id, STAFF)
        new = new_id()
        stored = await self._events.append(
            tx,
            principal.tenant_id,
            command.session_id,
            key,
            lambda state: domain.create(state, new, command, principal.user_id),
        )
        # From the log, not `new`: a key that is already there appends nothing.
        made = [event.payload for event in stored if isinstance(event.payload, SceneCreated)]
        return await scene(tx, principal, made[0].scene_id)

    async def change(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        scene_id: UUID,
        command: ChangeScene,
        based_on: int | None,
    ) -> Scene:
        """Raises InvalidField."""
        return await self._on_scene(
            tx,
            key,
            principal,
            scene_id,
            lambda state, sid, version, who: domain.change(state, sid, command, version, who),
            based_on,
        )

    async def activate(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        scene_id: UUID,
        based_on: int | None,
    ) -> Scene:
        return await self._on_scene(tx, key, principal, scene_id, domain.activate, based_on)

    async def deactivate(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        scene_id: UUID,
        based_on: int | None,
    ) -> Scene:
        return await self._on_scene(tx, key, principal, scene_id, domain.deactivate, based_on)

    async def delete(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        scene_id: UUID,
        based_on: int | None,
    ) -> None:
        known = await scene(tx, principal, scene_id)
        await self._append(tx, key, principal, known, domain.delete, based_on)

    async def _on_scene(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        scene_id: UUID,
        decide: Decide,
        based_on: int | None,
    ) -> Scene:
        known = await scene(tx, principal, scene_id)
        await self._append(tx, key, principal, known, decide, based_on)
        return await scene(tx, principal, scene_id)

    async def _append(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        known: Scene,
        decide: Decide,
        based_on: int | None,
    ) -> None:
        await role_in(tx, principal, known.session_id, STAFF)
        await self._events.append(
            tx,
            principal.tenant_id,
            known.session_id,
            key,
            lambda state: decide(state, known.id, based_on, principal.user_id),
        )


async def scene(tx: Transaction, principal: Principal, scene_id: UUID) -> Scene:
    """Raises NotFound."""
    found = await tx.execute(
        sa.select(scenes).where(scenes.c.id == scene_id, scenes.c.tenant_id == principal.tenant_id)
    )
    row = found.mappings().first()
    if row is None:
        raise NotFound("There is no such scene.")
    return to_scene(row)


async def of_session(tx: Transaction, session_id: UUID) -> list[Scene]:
    """As they were made."""
    rows = await tx.execute(
        sa.select(scenes).where(scenes.c.session_id == session_id).order_by(scenes.c.id)
    )
    return [to_scene(row) for row in rows.mappings()]


def to_scene(row: sa.RowMapping) -> Scene:
    return msgspec.convert({wire: row[column] for column, wire in NAMES}, Scene)
