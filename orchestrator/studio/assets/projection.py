"""Events to the rows of `studio_assets`; comes before the scenes' projection, so that files let go of a scene before it goes."""

from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.studio.assets.tables import studio_assets as assets
from schema import events as e


async def project(tx: Transaction, tenant_id: UUID, event: e.StoredEvent) -> None:
    match event.payload:
        case e.AssetAdded() as added:
            row = {
                "id": added.asset_id,
                "tenant_id": tenant_id,
                "session_id": event.session_id,
                "scene_id": added.scene_id,
                "type": added.asset_type,
                "name": added.name,
                "key": added.key,
                "pages": msgspec.to_builtins(added.pages),
            }
            await tx.execute(sa.insert(assets).values(row))
        case e.AssetRemoved(asset_id=key):
            await tx.execute(sa.delete(assets).where(assets.c.id == key))
        case e.SceneDeleted(scene_id=key):
            await tx.execute(
                sa.update(assets).where(assets.c.scene_id == key).values(scene_id=None)
            )
        case _:
            pass
