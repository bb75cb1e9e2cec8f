"""Events to the rows of `studio_scenes`."""

from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.studio.scenes.tables import studio_scenes as scenes
from schema import events as e


async def project(tx: Transaction, tenant_id: UUID, event: e.StoredEvent) -> None:
    match event.payload:
        case e.SceneCreated() as created:
            await _create(tx, tenant_id, event, created)
        case e.SceneChanged(scene_id=key) as changed:
            await _set(tx, key, **_content(changed), sequence=event.sequence)
        case e.SceneActivated(scene_id=key):
            await _deactivate(tx, event.session_id)
            await _set(tx, key, active=True, sequence=event.sequence)
        case e.SceneDeactivated():
            await _deactivate(tx, event.session_id)
        case e.SceneDeleted(scene_id=key):
            await tx.execute(sa.delete(scenes).where(scenes.c.id == key))
        case _:
            pass


async def _create(
    tx: Transaction, tenant_id: UUID, event: e.StoredEvent, created: e.SceneCreated
) -> None:
    row = {
        "id": created.scene_id,
        "tenant_id": tenant_id,
        "session_id": event.session_id,
        "name": created.name,
        "layout": created.layout,
        "metadata": msgspec.to_builtins(created.metadata),
        "sequence": event.sequence,
    }
    await tx.execute(sa.insert(scenes).values(row))


def _content(changed: e.SceneChanged) -> dict[str, Any]:
    return {
        "name": changed.name,
        "layout": changed.layout,
        "metadata": msgspec.to_builtins(changed.metadata),
        "assets": changed.assets,
        "slide": msgspec.to_builtins(changed.slide),
    }


async def _set(tx: Transaction, key: UUID, **values: Any) -> None:
    await tx.execute(sa.update(scenes).where(scenes.c.id == key).values(values))


async def _deactivate(tx: Transaction, session_id: UUID) -> None:
    shown = (scenes.c.session_id == session_id) & scenes.c.active
    await tx.execute(sa.update(scenes).where(shown).values(active=False))
