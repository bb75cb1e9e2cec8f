"""A tenant's destinations in the database; a stream key is in clear here only to be sealed or compared."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orchestrator.auth.domain import Principal
from orchestrator.auth.users.preferences import preferences
from orchestrator.core.clock import Clock, new_id, utc_now
from orchestrator.core.crypto import Keyring, Place, Undecryptable
from orchestrator.core.database import Transaction
from orchestrator.core.guard.addresses import Resolver, check_host, resolve
from orchestrator.core.guard.locks import advisory_lock
from orchestrator.destinations.domain import (
    Address,
    Changes,
    NewAccount,
    NewDestination,
    check_key,
    check_platform,
    key_hint,
)
from orchestrator.destinations.presets import preset_of
from orchestrator.destinations.tables import destinations as table
from orchestrator.platforms.tables import integrations
from orchestrator.settings import Secret, Settings
from schema.destinations import MAX_OF_SESSION, Destination, DestinationStatus
from schema.errors import (
    DestinationInUse,
    DestinationKnown,
    InvalidField,
    NotFound,
    TooManyDestinations,
)
from schema.platforms import PlatformConnection

# Two tables of other features, as far as this one needs them: whether a destination is on air.
selected = sa.table(
    "session_destinations",
    sa.column("session_id"),
    sa.column("destination_id"),
    sa.column("selected"),
    sa.column("status"),
)
sessions = sa.table("sessions", sa.column("id"), sa.column("status"))

WITH_ACCOUNT = sa.select(table, integrations.c.status.label("account_status")).outerjoin(
    integrations, integrations.c.id == table.c.integration_id
)
MAX_OF_TENANT = 200
OPEN: tuple[DestinationStatus, ...] = ("connecting", "live", "degraded", "retrying")


class Destinations:
    """Safe to show, all of it; what to push to is in targets.py."""

    def __init__(
        self,
        keyring: Keyring,
        settings: Settings,
        resolver: Resolver = resolve,
        clock: Clock = utc_now,
    ) -> None:
        self._keyring = keyring
        self._allow_private = settings.mode == "embedded"
        self._resolver = resolver
        self._clock = clock

    async def check_reachable(self, address: Address) -> None:
        """Asks DNS, so do it outside a transaction. Raises InvalidField."""
        await check_host(
            "url",
            address.host,
            allow_loopback=self._allow_private,
            allow_private=self._allow_private,
            resolver=self._resolver,
        )

    async def create(
        self, tx: Transaction, tenant_id: UUID, new: NewDestination | NewAccount
    ) -> Destination:
        """Raises DestinationKnown, InvalidField, TooManyDestinations."""
        await one_at_a_time(tx, tenant_id)
        await _check_room(tx, tenant_id)
        if isinstance(new, NewAccount):
            return await self._add_account(tx, tenant_id, new)
        await self._refuse_double(tx, tenant_id, new.address.url, new.key)
        name = new_id()
        values = {
            "id": name,
            "type": new.type,
            "preset": new.preset,
            "name": new.name,
            "url": new.address.url,
            "key_hint": key_hint(new.key),
            "stream_key": self._keyring.seal(Secret(new.key), key_place(tenant_id, name)),
        }
        return await self._insert(tx, tenant_id, values)

    async def welcome(self, tx: Transaction, connection: PlatformConnection) -> None:
        """A newly connected account is a destination; one that is connected again may be one already."""
        await one_at_a_time(tx, connection.tenant_id)
        if not await tx.scalar(_of_account(connection.id)):
            account = NewAccount(connection.platform, connection.id, name=None)
            await self._add_account(tx, connection.tenant_id, account)

    async def update(
        self, tx: Transaction, tenant_id: UUID, destination_id: UUID, changes: Changes
    ) -> Destination:
        """Raises NotFound, InvalidField, DestinationKnown, and DestinationInUse for another address or key while a live session
        sends to it."""
        await one_at_a_time(tx, tenant_id)
        row = await _locked(tx, tenant_id, destination_id)
        if changes.moves(row["url"]):
            await self._check_move(tx, row, changes)
        now = self._clock()
        values: dict[str, Any] = {"updated_at": now}
        if changes.name is not None:
            values["name"] = changes.name
        if changes.address is not None:
            values["url"] = changes.address.url
        if changes.key is not None:
            values["stream_key"] = self._keyring.seal(
                Secret(changes.key), key_place(tenant_id, destination_id)
            )
            values |= {"key_hint": key_hint(changes.key), "key_changed_at": now}
        await tx.execute(sa.update(table).where(table.c.id == destination_id).values(values))
        return from_row({**row, **values})

    async def of_tenant(self, tx: Transaction, tenant_id: UUID) -> list[Destination]:
        """Oldest first."""
        rows = await tx.execute(
            WITH_ACCOUNT.where(
                table.c.tenant_id == tenant_id, table.c.deleted_at.is_(None)
            ).order_by(table.c.created_at, table.c.id)
        )
        return [from_row(row) for row in rows.mappings()]

    async def first_choice(self, tx: Transaction, principal: Principal) -> list[UUID]:
        """Those with which this person's new sessions begin; single-use keys are for people to assign."""
        if (await preferences(tx, principal)).destinations_default == "all_off":
            return []
        rows = await tx.execute(
            sa.select(table.c.id, table.c.preset)
            .where(table.c.tenant_id == principal.tenant_id, table.c.deleted_at.is_(None))
            .order_by(table.c.created_at, table.c.id)
        )
        lasting = [row.id for row in rows if not preset_of(row.preset).one_time_key]
        return lasting[:MAX_OF_SESSION]

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

    async def require_idle(self, tx: Transaction, tenant_id: UUID, destination_id: UUID) -> None:
        """Raises NotFound, and DestinationInUse: a second publisher would disturb the class on air."""
        await _locked(tx, tenant_id, destination_id)
        if await tx.scalar(_on_air(destination_id)):
            raise DestinationInUse(
                "A live class sends to this destination; a test would disturb it."
            )

    async def _check_move(self, tx: Transaction, row: dict[str, Any], changes: Changes) -> None:
        if row["integration_id"] is not None:
            field = "url" if changes.address is not None else "streamKey"
            raise InvalidField(field, "The account's platform gives URL and key.")
        if changes.address is not None:
            check_platform(preset_of(row["preset"]), changes.address)
        if changes.key is not None:
            check_key(preset_of(row["preset"]), changes.key)
        if await tx.scalar(_on_air(row["id"])):
            raise DestinationInUse(
                "A live class sends to this destination; take it off there, then change URL or key."
            )
        url = row["url"] if changes.address is None else changes.address.url
        key = changes.key or self._key_of(row)
        if key is not None:
            await self._refuse_double(tx, row["tenant_id"], url, key, but=row["id"])

    async def _refuse_double(
        self, tx: Transaction, tenant_id: UUID, url: str, key: str, but: UUID | None = None
    ) -> None:
        """The same key at the same address twice would be two publishers of one stream. Raises DestinationKnown."""
        rows = await tx.execute(
            sa.select(table).where(
                table.c.tenant_id == tenant_id, table.c.url == url, table.c.deleted_at.is_(None)
            )
        )
        for row in rows.mappings():
            if row["id"] != but and self._key_of(row) == key:
                raise DestinationKnown(
                    f"{row['name']} has this address and key already.",
                    {"destinationId": str(row["id"])},
                )

    def _key_of(self, row: Any) -> str | None:
        """None for an account's, and for one that cannot be opened."""
        try:
            opened = self._keyring.open(row["stream_key"], key_place(row["tenant_id"], row["id"]))
        except Undecryptable:
            return None
        return opened.reveal()

    async def _add_account(self, tx: Transaction, tenant_id: UUID, new: NewAccount) -> Destination:
        account = sa.select(integrations).where(
            integrations.c.tenant_id == tenant_id,
            integrations.c.id == new.connection_id,
            integrations.c.platform == new.type,
        )
        row = (await tx.execute(account)).mappings().first()
        if row is None:
            raise InvalidField("connectionId", "There is no such account on this platform.")
        if await tx.scalar(_of_account(new.connection_id)):
            raise DestinationKnown("This account is a destination already.")
        values = {
            "id": new_id(),
            "integration_id": new.connection_id,
            "type": new.type,
            "preset": new.type,
            "name": new.name or row["account_name"],
            "url": preset_of(new.type).url,
            "key_hint": None,
            "stream_key": b"",
        }
        return await self._insert(tx, tenant_id, values, account_status=row["status"])

    async def _insert(
        self,
        tx: Transaction,
        tenant_id: UUID,
        values: dict[str, Any],
        account_status: str | None = None,
    ) -> Destination:
        now = self._clock()
        row = {
            **values,
            "tenant_id": tenant_id,
            "status": "connected",
            "key_changed_at": now,
            "created_at": now,
            "updated_at": now,
        }
        await tx.execute(sa.insert(table).values(row))
        return from_row({**row, "account_status": account_status})


def key_place(tenant_id: UUID, destination_id: UUID) -> Place:
    return Place(table.name, table.c.stream_key.name, tenant_id, destination_id)


def from_row(row: Any) -> Destination:
    """An account's has the status of its account."""
    fields = {field: row[field] for field in Destination.__struct_fields__}
    return Destination(**{**fields, "status": row["account_status"] or row["status"]})


async def _locked(tx: Transaction, tenant_id: UUID, destination_id: UUID) -> dict[str, Any]:
    """The row, which nobody else changes or selects until the transaction ends. Raises NotFound."""
    rows = await tx.execute(
        WITH_ACCOUNT.where(
            table.c.tenant_id == tenant_id,
            table.c.id == destination_id,
            table.c.deleted_at.is_(None),
        ).with_for_update(of=table)
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


def _of_account(connection_id: UUID) -> sa.Select[tuple[bool]]:
    return sa.select(
        sa.exists().where(table.c.integration_id == connection_id, table.c.deleted_at.is_(None))
    )


async def _check_room(tx: Transaction, tenant_id: UUID) -> None:
    """Raises TooManyDestinations."""
    there = sa.select(sa.func.count()).where(
        table.c.tenant_id == tenant_id, table.c.deleted_at.is_(None)
    )
    if await tx.scalar(there) >= MAX_OF_TENANT:
        raise TooManyDestinations(
            f"There are {MAX_OF_TENANT} destinations already; delete one first."
        )


async def one_at_a_time(tx: Transaction, tenant_id: UUID) -> None:
    """Two requests at once would not see each other's destination."""
    await advisory_lock(tx, "destinations", tenant_id)
