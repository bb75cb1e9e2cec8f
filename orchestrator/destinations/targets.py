"""What to push to, stream key included: stored, or asked from the account's platform when a class goes live."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.core.clock import Clock, new_id, utc_now
from orchestrator.core.crypto import Keyring, Place, Undecryptable
from orchestrator.core.database import Database, Transaction
from orchestrator.core.guard.addresses import Resolver, check_host, resolve
from orchestrator.destinations.domain import parse_address, parse_key, publish_url
from orchestrator.destinations.service import key_place
from orchestrator.destinations.tables import destinations, ingests
from orchestrator.platforms.port import Broadcast, Ingest, Platform
from orchestrator.platforms.service import OVER, Connections
from orchestrator.platforms.tables import integrations
from orchestrator.settings import Secret, Settings
from schema.errors import InvalidField, NotFound, PlatformUnavailable

UNREADABLE = "The stored stream key cannot be opened; enter it again."
# Of all calls to a platform together; a class has other destinations waiting.
LOOK_UP_LIMIT_S = 15
# Nothing comes of asking these again until a person has connected the account anew.
LOST = frozenset({"expired", "disconnected"})
# YouTube wants a start in the future.
SOON = timedelta(seconds=30)
# Nothing is known there of a stream that has only begun.
FIRST_QUESTION = timedelta(seconds=15)


class Found(msgspec.Struct, frozen=True):
    """`known` holds URLs with their keys; `unasked` are accounts' whose platform has given none yet."""

    known: dict[UUID, Secret]
    unasked: frozenset[UUID]
    unusable: dict[UUID, str]


class Targets:
    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        connections: Connections,
        settings: Settings,
        resolver: Resolver = resolve,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._connections = connections
        self._allow_private = settings.mode == "embedded"
        self._resolver = resolver
        self._clock = clock

    async def of_session(
        self, tx: Transaction, tenant_id: UUID, session_id: UUID, ids: Iterable[UUID]
    ) -> Found:
        """What is missing here was deleted."""
        given = sa.and_(
            ingests.c.destination_id == destinations.c.id, ingests.c.session_id == session_id
        )
        rows = await tx.execute(
            sa.select(
                destinations,
                ingests.c.id.label("ingest_id"),
                ingests.c.url.label("ingest_url"),
                ingests.c.stream_key.label("ingest_key"),
                integrations.c.status.label("account_status"),
            )
            .outerjoin(ingests, given)
            .outerjoin(integrations, integrations.c.id == destinations.c.integration_id)
            .where(
                destinations.c.tenant_id == tenant_id,
                destinations.c.id.in_(list(ids)),
                destinations.c.deleted_at.is_(None),
            )
        )
        known: dict[UUID, Secret] = {}
        unusable: dict[UUID, str] = {}
        unasked: set[UUID] = set()
        for row in rows.mappings():
            try:
                url = self._stored(row)
            except Undecryptable:
                unusable[row["id"]] = UNREADABLE
                continue
            if url is not None:
                known[row["id"]] = url
            elif row["account_status"] in LOST:
                unusable[row["id"]] = OVER
            else:
                unasked.add(row["id"])
        return Found(known, frozenset(unasked), unusable)

    async def ask(
        self, tenant_id: UUID, session_id: UUID, destination_id: UUID, title: str
    ) -> Secret:
        """The account's URL and key for this class, from now on the same.

        Raises AccountExpired, PlatformRefused, PlatformUnavailable, InvalidField for what its platform must not give.
        """
        broadcast = Broadcast(
            title=title or "Class",
            marker=f"lectern-{session_id}-{destination_id}",
            starts_at=self._clock() + SOON,
        )

        async def go_live(platform: Platform, token: Secret, account: str) -> Ingest:
            return await platform.go_live(token, account, broadcast)

        given = await self._use(tenant_id, destination_id, go_live)
        url, key = _checked(given)
        name, now = new_id(), self._clock()
        row = {
            "id": name,
            "tenant_id": tenant_id,
            "session_id": session_id,
            "destination_id": destination_id,
            "url": url,
            "stream_key": self._keyring.seal(Secret(key), ingest_place(tenant_id, name)),
            "reference": given.reference,
            "ask_at": now + FIRST_QUESTION,
            "created_at": now,
        }
        async with self._database.transaction(tenant_id) as tx:
            await tx.execute(insert(ingests).values(row).on_conflict_do_nothing())
            found = await self.of_session(tx, tenant_id, session_id, [destination_id])
        return found.known[destination_id]

    async def rehearsal(self, tenant_id: UUID, destination_id: UUID) -> Secret:
        """What a test pushes to. Raises as `ask`, and InvalidField for a stored key that cannot be opened."""
        async with self._database.transaction(tenant_id) as tx:
            row = await _row(tx, tenant_id, destination_id)
        if row["integration_id"] is None:
            try:
                return self._own(row)
            except Undecryptable:
                raise InvalidField("streamKey", UNREADABLE) from None

        async def rehearse(platform: Platform, token: Secret, account: str) -> Ingest:
            return await platform.rehearse(token, account)

        return Secret(publish_url(*_checked(await self._use(tenant_id, destination_id, rehearse))))

    async def refusal(self, url: str) -> str | None:
        """Why an address may not be called now (names can move between creation and class), or None."""
        host = urlsplit(url).hostname or ""
        try:
            await check_host(
                "url",
                host,
                allow_loopback=self._allow_private,
                allow_private=self._allow_private,
                resolver=self._resolver,
            )
        except InvalidField as refused:
            return refused.message
        return None

    async def _use(self, tenant_id: UUID, destination_id: UUID, work: Any) -> Ingest:
        async with self._database.transaction(tenant_id) as tx:
            connection_id = (await _row(tx, tenant_id, destination_id))["integration_id"]
        try:
            async with asyncio.timeout(LOOK_UP_LIMIT_S):
                found: Ingest = await self._connections.use(tenant_id, connection_id, work)
        except TimeoutError:
            raise PlatformUnavailable("The platform did not answer in time; try again.") from None
        return found

    def _stored(self, row: Any) -> Secret | None:
        """None for an account's that was not asked for. Raises Undecryptable."""
        if row["integration_id"] is None:
            return self._own(row)
        if row["ingest_id"] is None:
            return None
        at = ingest_place(row["tenant_id"], row["ingest_id"])
        return Secret(
            publish_url(row["ingest_url"], self._keyring.open(row["ingest_key"], at).reveal())
        )

    def _own(self, row: Any) -> Secret:
        """Raises Undecryptable."""
        key = self._keyring.open(row["stream_key"], key_place(row["tenant_id"], row["id"]))
        return Secret(publish_url(row["url"], key.reveal()))


def ingest_place(tenant_id: UUID, ingest_id: UUID) -> Place:
    return Place(ingests.name, ingests.c.stream_key.name, tenant_id, ingest_id)


def _checked(ingest: Ingest) -> tuple[str, str]:
    """A platform's word is checked like a person's. Raises InvalidField."""
    return parse_address(ingest.url).url, parse_key(ingest.key.reveal())


async def _row(tx: Transaction, tenant_id: UUID, destination_id: UUID) -> Any:
    """Raises NotFound."""
    rows = await tx.execute(
        sa.select(destinations).where(
            destinations.c.tenant_id == tenant_id,
            destinations.c.id == destination_id,
            destinations.c.deleted_at.is_(None),
        )
    )
    row = rows.mappings().first()
    if row is None:
        raise NotFound("There is no such destination.")
    return row
