"""How a school looks: read by its programmes, changed by its administrators."""

from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.audit.service import record
from orchestrator.auth.domain import Principal
from orchestrator.core.database import Transaction
from orchestrator.recordings.media import Signer
from orchestrator.sessions.tables import sessions
from orchestrator.studio.branding.tables import branding
from orchestrator.studio.cues import Cues
from orchestrator.studio.loose import Loose, name
from schema.base import Command, Wire
from schema.branding import Branding, ChangeBranding
from schema.programme import Brand


class Logo(Wire, frozen=True):
    key: str
    width_px: int
    height_px: int


class StoredBranding(Wire, frozen=True):
    """Without links, which would not outlive the reply."""

    primary_color: str = Brand().primary_color
    accent_color: str = Brand().accent_color
    logo: Logo | None = None


class LogoUpload(Command, frozen=True):
    """What makes two uploads the same: the file counts by its digest."""

    sha256: str


class Brands:
    """Works inside the caller's transaction; live programmes change with its commit."""

    def __init__(self, cues: Cues, loose: Loose) -> None:
        self._cues = cues
        self._loose = loose

    async def change(
        self, tx: Transaction, principal: Principal, command: ChangeBranding
    ) -> StoredBranding:
        known = await of_tenant(tx, principal.tenant_id)
        asked = {
            name: value
            for name in ("primary_color", "accent_color")
            if (value := getattr(command, name)) is not msgspec.UNSET
        }
        return await self._keep(tx, principal, msgspec.structs.replace(known, **asked))

    async def set_logo(
        self, tx: Transaction, principal: Principal, logo: Logo | None
    ) -> StoredBranding:
        known = await of_tenant(tx, principal.tenant_id)
        if logo:
            await name(tx, logo.key)
        if known.logo:
            await self._loose.leave(tx, principal.tenant_id, known.logo.key)
        return await self._keep(tx, principal, msgspec.structs.replace(known, logo=logo))

    async def _keep(
        self, tx: Transaction, principal: Principal, wanted: StoredBranding
    ) -> StoredBranding:
        values = {
            "primary_color": wanted.primary_color,
            "accent_color": wanted.accent_color,
            "logo": None if wanted.logo is None else msgspec.to_builtins(wanted.logo),
        }
        row = insert(branding).values(tenant_id=principal.tenant_id, **values)
        await tx.execute(row.on_conflict_do_update(index_elements=["tenant_id"], set_=values))
        await record(tx, "branding.changed", principal.tenant_id, actor_id=principal.user_id)
        live = sa.select(sessions.c.id).where(
            sessions.c.tenant_id == principal.tenant_id, sessions.c.status == "live"
        )
        for session_id in (await tx.execute(live)).scalars():
            self._cues.cue_after(tx, session_id)
        return wanted


async def of_tenant(tx: Transaction, tenant_id: UUID) -> StoredBranding:
    found = await tx.execute(sa.select(branding).where(branding.c.tenant_id == tenant_id))
    row = found.mappings().first()
    if row is None:
        return StoredBranding()
    logo = None if row["logo"] is None else msgspec.convert(row["logo"], Logo)
    return StoredBranding(
        primary_color=row["primary_color"], accent_color=row["accent_color"], logo=logo
    )


def linked(stored: StoredBranding, signer: Signer, base: str) -> Branding:
    return Branding(
        primary_color=stored.primary_color,
        accent_color=stored.accent_color,
        logo_url=None if stored.logo is None else base + signer.link(stored.logo.key),
    )
