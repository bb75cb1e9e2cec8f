"""/api/branding: two colours and a logo, for every programme of a school."""

import asyncio
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, delete, get, patch, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, JSONBody

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database
from orchestrator.http.idempotency import Write
from orchestrator.recordings.media import Signer, public_base
from orchestrator.settings import Settings
from orchestrator.studio.assets.service import digest
from orchestrator.studio.assets.uploads import copy
from orchestrator.studio.branding import service
from orchestrator.studio.branding.logos import Logos
from orchestrator.studio.branding.service import Brands, LogoUpload, StoredBranding
from schema.base import Command
from schema.branding import Branding, ChangeBranding


class LogoForm(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """`file` is a PNG, JPEG, WebP or GIF picture, best with a transparent ground."""

    file: UploadFile
    idempotency_key: str | None = None


class BrandingController(Controller):
    path = "/api/branding"
    tags = ("branding",)

    @get()
    async def branding(
        self,
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        signer: NamedDependency[Signer],
        settings: NamedDependency[Settings],
        request: Request[Any, Any, Any],
    ) -> Branding:
        """How the school's programmes look."""
        async with database.transaction(principal.tenant_id) as tx:
            stored = await service.of_tenant(tx, principal.tenant_id)
        return service.linked(stored, signer, public_base(settings, str(request.base_url)))

    @patch()
    async def change_branding(
        self,
        data: JSONBody[ChangeBranding],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        brands: NamedDependency[Brands],
        signer: NamedDependency[Signer],
        settings: NamedDependency[Settings],
        request: Request[Any, Any, Any],
    ) -> Branding:
        """What is left out stays; programmes that are on air change at once."""
        stored = await write.once(
            data, lambda tx, _: brands.change(tx, principal, data), StoredBranding
        )
        return service.linked(stored, signer, public_base(settings, str(request.base_url)))


class LogoController(Controller):
    path = "/api/branding/logo"
    tags = ("branding",)

    @post()
    async def upload_logo(
        self,
        data: Annotated[LogoForm, Body(media_type=RequestEncodingType.MULTI_PART)],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        logos: NamedDependency[Logos],
        signer: NamedDependency[Signer],
        settings: NamedDependency[Settings],
        request: Request[Any, Any, Any],
    ) -> Branding:
        """In place of the one before; it is drawn anew, so that nothing of the file itself is served."""
        with NamedTemporaryFile() as file:
            source = Path(file.name)
            await copy(data.file, file)
            upload = LogoUpload(
                sha256=await asyncio.to_thread(digest, source),
                idempotency_key=data.idempotency_key,
            )
            stored = await logos.add(write, principal, upload, source)
        return service.linked(stored, signer, public_base(settings, str(request.base_url)))

    @delete()
    async def remove_logo(
        self,
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        brands: NamedDependency[Brands],
    ) -> None:
        await write.once(
            Command(), lambda tx, _: brands.set_logo(tx, principal, None), StoredBranding
        )
