"""Uploads: convert in a child, keep the pages, then append; whatever fails leaves neither object nor row behind."""

import asyncio
import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import msgspec
import sqlalchemy as sa
import structlog

from orchestrator.auth.domain import STAFF, Principal
from orchestrator.core.clock import new_id
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.core.guard.limits import UPLOADING, Limiter
from orchestrator.core.storage import Storage
from orchestrator.http.idempotency import Write
from orchestrator.sessions.roles import role_in
from orchestrator.state.session import SessionState
from orchestrator.studio.assets import domain
from orchestrator.studio.assets.pages import Converter
from orchestrator.studio.assets.tables import studio_assets as assets
from orchestrator.studio.loose import Loose, name
from schema.base import Command, Wire
from schema.errors import DatabaseUnavailable, NotFound, StorageUnavailable
from schema.events import AssetAdded
from schema.studio import AssetType, PageSize

log = structlog.get_logger(__name__)


class Upload(Command, frozen=True):
    """What makes two uploads the same: the file counts by its digest."""

    session_id: UUID
    scene_id: UUID | None
    type: AssetType
    name: str
    sha256: str


class StoredAsset(Wire, frozen=True):
    """An asset without links, which would not outlive the reply; `key` is the object key of its folder."""

    id: UUID
    session_id: UUID
    scene_id: UUID | None
    type: AssetType
    name: str
    key: str
    pages: list[PageSize]


# Read by its names on the wire; a row has them in snake case.
NAMES = tuple((field.name, field.encode_name) for field in msgspec.structs.fields(StoredAsset))


class Assets:
    """Raises NotFound, Forbidden, SessionOver."""

    def __init__(
        self,
        database: Database,
        events: EventLog[SessionState],
        storage: Storage,
        converter: Converter,
        limiter: Limiter,
        loose: Loose,
    ) -> None:
        self._database = database
        self._events = events
        self._storage = storage
        self._converter = converter
        self._limiter = limiter
        self._loose = loose

    async def add(
        self, write: Write, principal: Principal, upload: Upload, source: Path
    ) -> StoredAsset:
        """Raises InvalidField for a file that can't be pages, StudioFull, StorageUnavailable, TooManyAttempts."""
        await self._limiter.spend("upload", str(principal.user_id), UPLOADING)
        # Asked before the work, for a page takes a tenth of a second; and again by the decision, under the lock.
        async with self._database.transaction(principal.tenant_id) as tx:
            await role_in(tx, principal, upload.session_id, STAFF)
            state = await self._events.state(tx, upload.session_id)
        if known := await write.stored(upload, StoredAsset):
            return known
        domain.require_room(state, upload.scene_id)
        with TemporaryDirectory() as drawn:
            folder = Path(drawn)
            sizes = await self._converter.convert(source, folder)
            return await self._keep(write, principal, upload, folder, sizes)

    async def remove(self, tx: Transaction, key: str, principal: Principal, asset_id: UUID) -> None:
        """The objects go after the commit."""
        known = await asset(tx, principal, asset_id)
        await role_in(tx, principal, known.session_id, STAFF)
        await self._events.append(
            tx,
            principal.tenant_id,
            known.session_id,
            key,
            lambda state: domain.remove(state, asset_id, principal.user_id),
        )
        await self._loose.leave(tx, principal.tenant_id, known.key)
        tx.on_commit(lambda: self._delete_folder(known.key))

    async def _keep(
        self,
        write: Write,
        principal: Principal,
        upload: Upload,
        folder: Path,
        sizes: list[PageSize],
    ) -> StoredAsset:
        new = domain.NewAsset(
            id=(asset_id := new_id()),
            scene_id=upload.scene_id,
            type=upload.type,
            name=upload.name,
            key=f"{principal.tenant_id}/{upload.session_id}/assets/{asset_id}",
            pages=sizes,
        )
        kept = False
        await self._loose.expect(principal.tenant_id, new.key)
        try:
            for file in await asyncio.to_thread(lambda: sorted(folder.iterdir())):
                data = await asyncio.to_thread(file.read_bytes)
                await self._storage.put(f"{new.key}/{file.name}", data)
            stored = await write.once(
                upload, lambda tx, key: self._append(tx, key, principal, upload, new), StoredAsset
            )
            # The same request may have been answered meanwhile: then ours is not needed.
            kept = stored.id == new.id
        except DatabaseUnavailable:
            # It may have committed all the same; if not, the pages are cleared away later.
            kept = True
            raise
        else:
            return stored
        finally:
            if not kept:
                await self._delete_folder(new.key)

    async def _append(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        upload: Upload,
        new: domain.NewAsset,
    ) -> StoredAsset:
        stored = await self._events.append(
            tx,
            principal.tenant_id,
            upload.session_id,
            key,
            lambda state: domain.add(state, new, principal.user_id),
        )
        added = [event.payload for event in stored if isinstance(event.payload, AssetAdded)]
        if added[0].asset_id == new.id:
            await name(tx, new.key)
        return await asset(tx, principal, added[0].asset_id)

    async def _delete_folder(self, folder: str) -> None:
        try:
            await self._storage.delete(await self._storage.list(folder))
        except StorageUnavailable as error:
            log.warning("objects stay", folder=folder, error=error.message)


def digest(source: Path) -> str:
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


async def asset(tx: Transaction, principal: Principal, asset_id: UUID) -> StoredAsset:
    """Raises NotFound."""
    found = await tx.execute(
        sa.select(assets).where(assets.c.id == asset_id, assets.c.tenant_id == principal.tenant_id)
    )
    row = found.mappings().first()
    if row is None:
        raise NotFound("There is no such asset.")
    return _from_row(row)


async def of_session(tx: Transaction, session_id: UUID) -> list[StoredAsset]:
    """As they were uploaded."""
    rows = await tx.execute(
        sa.select(assets).where(assets.c.session_id == session_id).order_by(assets.c.id)
    )
    return [_from_row(row) for row in rows.mappings()]


def _from_row(row: sa.RowMapping) -> StoredAsset:
    return msgspec.convert({wire: row[column] for column, wire in NAMES}, StoredAsset)
