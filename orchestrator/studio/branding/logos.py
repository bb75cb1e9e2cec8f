"""A logo is read by the same child as every upload, and kept as the picture that it draws anew."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from orchestrator.auth.domain import Principal
from orchestrator.core.clock import new_id
from orchestrator.core.storage import Storage
from orchestrator.http.idempotency import Write
from orchestrator.studio.assets.pages import Converter
from orchestrator.studio.branding.service import Brands, Logo, LogoUpload, StoredBranding
from orchestrator.studio.loose import Loose
from schema.errors import InvalidField

PAGE = "0001.webp"


class Logos:
    """An old logo's picture stays for a while: programmes that are just being drawn show it."""

    def __init__(
        self, storage: Storage, converter: Converter, brands: Brands, loose: Loose
    ) -> None:
        self._storage = storage
        self._loose = loose
        self._converter = converter
        self._brands = brands

    async def add(
        self, write: Write, principal: Principal, upload: LogoUpload, source: Path
    ) -> StoredBranding:
        """Raises InvalidField for a file that is no picture, StorageUnavailable."""
        if known := await write.stored(upload, StoredBranding):
            return known
        logo = await self._drawn(principal, source)
        return await write.once(
            upload, lambda tx, _: self._brands.set_logo(tx, principal, logo), StoredBranding
        )

    async def _drawn(self, principal: Principal, source: Path) -> Logo:
        with TemporaryDirectory() as name:
            folder = Path(name)
            sizes = await self._converter.convert(source, folder)
            if len(sizes) > 1:
                raise InvalidField("file", "A logo is one picture.")
            data = await asyncio.to_thread((folder / PAGE).read_bytes)
        key = f"{principal.tenant_id}/branding/{new_id()}.webp"
        await self._loose.expect(principal.tenant_id, key)
        await self._storage.put(key, data)
        return Logo(key=key, width_px=sizes[0].width_px, height_px=sizes[0].height_px)
