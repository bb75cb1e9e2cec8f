"""/api/studio/assets: what is uploaded for the class; every link to a page is signed and short-lived."""

import asyncio
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, delete, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.http.idempotency import Write
from orchestrator.recordings.media import Signer, public_base
from orchestrator.sessions.roles import reader
from orchestrator.settings import Settings
from orchestrator.studio.assets import service
from orchestrator.studio.assets.domain import file_name
from orchestrator.studio.assets.service import Assets, StoredAsset, Upload
from orchestrator.studio.assets.uploads import copy
from schema.base import Command, Page
from schema.studio import Asset, AssetPage, AssetType


class UploadForm(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """`file` is a PDF (a slide a page), or a PNG, JPEG, WebP or GIF picture; its bytes decide, not its name."""

    session_id: UUID
    type: AssetType
    file: UploadFile
    scene_id: UUID | None = None
    idempotency_key: str | None = None


class SessionAssetsController(Controller):
    path = "/api/sessions/{session_id:uuid}/assets"
    tags = ("studio",)

    @get()
    async def session_assets(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        signer: NamedDependency[Signer],
        settings: NamedDependency[Settings],
        request: Request[Any, Any, Any],
    ) -> Page[Asset]:
        """As they were uploaded; links open for ten minutes, so ask again for fresh ones."""
        async with database.transaction(principal.tenant_id) as tx:
            await reader(tx, principal, session_id)
            found = await service.of_session(tx, session_id)
        base = public_base(settings, str(request.base_url))
        return Page(items=[linked(asset, signer, base) for asset in found])


class AssetsController(Controller):
    path = "/api/studio/assets"
    tags = ("studio",)

    @post()
    async def upload_asset(
        self,
        data: Annotated[UploadForm, Body(media_type=RequestEncodingType.MULTI_PART)],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        assets: NamedDependency[Assets],
        signer: NamedDependency[Signer],
        settings: NamedDependency[Settings],
        request: Request[Any, Any, Any],
    ) -> Asset:
        """A PDF becomes a slide a page; with `sceneId` they are that scene's last slides."""
        with NamedTemporaryFile() as file:
            source = Path(file.name)
            await copy(data.file, file)
            upload = Upload(
                session_id=data.session_id,
                scene_id=data.scene_id,
                type=data.type,
                name=file_name(data.file.filename),
                sha256=await asyncio.to_thread(service.digest, source),
                idempotency_key=data.idempotency_key,
            )
            stored = await assets.add(write, principal, upload, source)
        return linked(stored, signer, public_base(settings, str(request.base_url)))

    @delete("/{asset_id:uuid}")
    async def remove_asset(
        self,
        asset_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        assets: NamedDependency[Assets],
    ) -> None:
        """Scenes that show it lose its slides; its pages are deleted."""

        async def work(tx: Transaction, key: str) -> Command:
            await assets.remove(tx, key, principal, asset_id)
            return Command()

        await write.once(Command(), work, Command)


def linked(asset: StoredAsset, signer: Signer, base: str) -> Asset:
    pages = [
        AssetPage(
            content_url=base + signer.link(f"{asset.key}/{number:04d}.webp"),
            thumbnail_url=base + signer.link(f"{asset.key}/{number:04d}.small.webp"),
            width_px=page.width_px,
            height_px=page.height_px,
        )
        for number, page in enumerate(asset.pages, start=1)
    ]
    return Asset(
        id=asset.id,
        session_id=asset.session_id,
        scene_id=asset.scene_id,
        type=asset.type,
        name=asset.name,
        content_url=pages[0].content_url,
        pages=pages,
    )
