"""A tenant's destinations in the database; the stream key is in clear only between here and the call that needs it."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.clock import Clock, new_id, utc_now
from orchestrator.core.crypto import Keyring, Place, Undecryptable
from orchestrator.core.database import Transaction
from orchestrator.core.guard.addresses import Resolver, check_host, resolve
from orchestrator.destinations.domain import (
    Address,
    Changes,
    NewDestination,
    check_platform,
    key_hint,
    publish_url,
)
from orchestrator.destinations.presets import preset_of
from orchestrator.destinations.tables import destinations as table
from orchestrator.settings import Secret, Settings
from schema.destinations import Destination, DestinationStatus
from schema.errors import DestinationInUse, InvalidField, NotFound

# Two tables of other features, as far as this one needs them: whether a destination is on air.
selected = sa.table(
    "session_destinations",
    sa.column("session_id"),
    sa.column("destination_id"),
    sa.column("selected"),
    sa.column("status"),
)
sessions = sa.table("sessions", sa.column("id"), sa.column("status"))

OPEN: tuple[DestinationStatus, ...] = ("connecting", "live", "degraded", "retrying")
UNREADABLE = "The stored stream key cannot be opened; enter it again."


class Destinations:
    """`targets` gives secrets; everything else is safe to show."""

    def __init__(
        self,
        keyring: Keyring,
        settings: Settings,
        resolver: Resolver = resolve,
        clock: Clock = utc_now,
    ) -> None:
        self._keyring = keyring
        self._allow_loopback = settings.mode == "embedded"
        self._resolver = resolver
        self._clock = clock

    async def check_reachable(self, address: Address) -> None:
        """Asks DNS, so do it outside a transaction. Raises InvalidField."""
        await self._check_host(address.host)

    async def create(self, tx: Transaction, tenant_id: UUID, new: NewDestination) -> Destination:
        now, name = self._clock(), new_id()
        sealed = self._keyring.seal(Secret(new.key), place(tenant_id, name))
        made = Destination(
            id=name,
            type=new.type,
            name=new.name,
            url=new.address.url,
            key_hint=key_hint(new.key),
            status="connected",
            created_at=now,
            updated_at=now,
        )
        row = {field: getattr(made, field) for field in made.__struct_fields__}
        await tx.execute(
            sa.insert(table).values(
                **row, tenant_id=tenant_id, preset=new.preset, stream_key=sealed
            )
        )
        return made

    async def update(
        self, tx: Transaction, tenant_id: UUID, destination_id: UUID, changes: Changes
    ) -> Destination:
        """Raises NotFound, InvalidField, and DestinationInUse for another address or key while a live session sends to it."""
        row = await _locked(tx, tenant_id, destination_id)
        if changes.moves(row["url"]) and await tx.scalar(_on_air(destination_id)):
            raise DestinationInUse(
                "A live class sends to this destination; take it off there, then change URL or key."
            )
        values: dict[str, Any] = {"updated_at": self._clock()}
        if changes.name is not None:
            values["name"] = changes.name
        if changes.address is not None:
            check_platform(preset_of(row["preset"]), changes.address)
            values["url"] = changes.address.url
        if changes.key is not None:
            values["stream_key"] = self._keyring.seal(
                Secret(changes.key), place(tenant_id, destination_id)
            )
            values["key_hint"] = key_hint(changes.key)
        await tx.execute(sa.update(table).where(table.c.id == destination_id).values(values))
        return from_row({**row, **values})

    async def of_tenant(self, tx: Transaction, tenant_id: UUID) -> list[Destination]:
        """Oldest first."""
        rows = await tx.execute(
            sa.select(table)
            .where(table.c.tenant_id == tenant_id, table.c.deleted_at.is_(None))
            .order_by(table.c.created_at, table.c.id)
        )
        return [from_row(row) for row in rows.mappings()]

    async def delete(self, tx: Transaction, tenant_id: UUID, destination_id: UUID) -> None:
        """The key is gone for good. Raises NotFound, DestinationInUse while a live session sends to it."""
        await _locked(tx, tenant_id, destination_id)
        if await tx.scalar(_on_air(destination_id)):
            raise DestinationInUse("A live class sends to this destination; take it off first.")
        await tx.execute(
            sa.update(table)
            .where(table.c.id == destination_id)
            .values(deleted_at=self._clock(), stream_key=b"")
        )

    async def missing(self, tx: Transaction, tenant_id: UUID, ids: Iterable[UUID]) -> list[UUID]:
        """Those of the ids that the tenant does not have."""
        wanted = list(ids)
        rows = await tx.execute(
            sa.select(table.c.id)
            .where(
                table.c.tenant_id == tenant_id,
                table.c.id.in_(wanted),
                table.c.deleted_at.is_(None),
            )
            .with_for_update(read=True)
        )
        known = set(rows.scalars())
        return [destination for destination in wanted if destination not in known]

    async def targets(
        self, tx: Transaction, tenant_id: UUID, ids: Iterable[UUID]
    ) -> tuple[dict[UUID, Secret], dict[UUID, str]]:
        """What to push to, key included, and for the rest the reason why not."""
        rows = await tx.execute(
            sa.select(table).where(
                table.c.tenant_id == tenant_id,
                table.c.id.in_(list(ids)),
                table.c.deleted_at.is_(None),
            )
        )
        urls: dict[UUID, Secret] = {}
        unusable: dict[UUID, str] = {}
        for row in rows.mappings():
            try:
                key = self._keyring.open(row["stream_key"], place(tenant_id, row["id"]))
            except Undecryptable:
                unusable[row["id"]] = UNREADABLE
            else:
                urls[row["id"]] = Secret(publish_url(row["url"], key.reveal()))
        return urls, unusable

    async def idle_target(self, tx: Transaction, tenant_id: UUID, destination_id: UUID) -> Secret:
        """What a test pushes to, key included. Raises NotFound, InvalidField, and DestinationInUse, for a second publisher would
        disturb the class on air."""
        await _locked(tx, tenant_id, destination_id)
        if await tx.scalar(_on_air(destination_id)):
            raise DestinationInUse(
                "A live class sends to this destination; a test would disturb it."
            )
        urls, unusable = await self.targets(tx, tenant_id, [destination_id])
        if destination_id in unusable:
            raise InvalidField("streamKey", unusable[destination_id])
        return urls[destination_id]

    async def refusal(self, url: str) -> str | None:
        """Why an address may not be called now (names can move between creation and class), or None."""
        try:
            await self._check_host(urlsplit(url).hostname or "")
        except InvalidField as refused:
            return refused.message
        return None

    async def _check_host(self, host: str) -> None:
        await check_host("url", host, allow_loopback=self._allow_loopback, resolver=self._resolver)


def place(tenant_id: UUID, destination_id: UUID) -> Place:
    return Place(table.name, table.c.stream_key.name, tenant_id, destination_id)


def from_row(row: Any) -> Destination:
    return Destination(**{field: row[field] for field in Destination.__struct_fields__})


async def _locked(tx: Transaction, tenant_id: UUID, destination_id: UUID) -> dict[str, Any]:
    """The row, which nobody else changes or selects until the transaction ends. Raises NotFound."""
    rows = await tx.execute(
        sa.select(table)
        .where(
            table.c.tenant_id == tenant_id,
            table.c.id == destination_id,
            table.c.deleted_at.is_(None),
        )
        .with_for_update()
    )
    row = rows.mappings().first()
    if row is None:
        raise NotFound("There is no such destination.")
    return dict(row)


def _on_air(destination_id: UUID) -> sa.Select[tuple[bool]]:
    return sa.select(
        sa.exists().where(
            selected.c.destination_id == destination_id,
            # A deselected one is still sent to until the egress was told.
            sa.or_(selected.c.selected, selected.c.status.in_(OPEN)),
            sessions.c.id == selected.c.session_id,
            sessions.c.status == "live",
        )
    )
