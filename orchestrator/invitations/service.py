"""Invitations: made, listed and revoked by staff; accepted by who has the link, who then is a guest."""

import base64
import hmac
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from orchestrator.auth.domain import STAFF, Principal
from orchestrator.auth.signin.sessions import SignIns, token_hash
from orchestrator.auth.users.guests import add_guest, dismiss_guest, known_guest
from orchestrator.core.clock import Clock, new_id, utc_now
from orchestrator.core.crypto import Keyring
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.invitations import domain
from orchestrator.invitations.tables import invitations
from orchestrator.sessions.roles import role_in
from orchestrator.sessions.tables import sessions
from orchestrator.state.session import SessionState
from schema.auth import LoginReply, User
from schema.errors import IdempotencyKeyReused, NotFound
from schema.events import Event, InvitationCreated
from schema.invitations import (
    AcceptInvitation,
    CreateInvitation,
    GuestReply,
    Invitation,
    RevokeInvitation,
)

# A guest's sign-in outlasts the plan of the class, for classes that run late.
GRACE = timedelta(hours=2)


class Invitations:
    def __init__(
        self,
        database: Database,
        events: EventLog[SessionState],
        keyring: Keyring,
        sign_ins: SignIns,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._events = events
        self._secret = keyring.derive("invitation")
        self._sign_ins = sign_ins
        self._clock = clock

    def token(self, invitation_id: UUID) -> str:
        """256 bits that nobody without our key can make; from the id, so that a repeated request gets the same link."""
        digest = hmac.digest(self._secret, invitation_id.bytes, "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    async def create(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        session_id: UUID,
        command: CreateInvitation,
    ) -> Invitation:
        """Raises NotFound, Forbidden, SessionOver, InvalidField."""
        await role_in(tx, principal, session_id, STAFF)
        now, new = self._clock(), new_id()
        created = InvitationCreated(
            invitation_id=new,
            expires_at=domain.expiry(command, now),
            max_uses=command.max_uses,
            created_by=principal.user_id,
        )
        values = {
            "id": new,
            "tenant_id": principal.tenant_id,
            "session_id": session_id,
            "name": command.name.strip(),
            "token_hash": token_hash(self.token(new)),
            "created_at": now,
            "expires_at": created.expires_at,
            "max_uses": created.max_uses,
        }
        await tx.execute(sa.insert(invitations).values(values))
        await self._append(
            tx, principal.tenant_id, session_id, key, lambda s: domain.create(s, created)
        )
        return await self._one(tx, session_id, new)

    async def revoke(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        session_id: UUID,
        invitation_id: UUID,
        command: RevokeInvitation,
    ) -> Invitation:
        """Raises NotFound, Forbidden."""
        await role_in(tx, principal, session_id, STAFF)
        await self._one(tx, session_id, invitation_id)
        await self._append(
            tx,
            principal.tenant_id,
            session_id,
            key,
            lambda s: domain.revoke(
                s,
                session_id,
                invitation_id,
                principal.user_id,
                remove_guests=command.remove_guests,
            ),
        )
        if command.remove_guests:
            state = await self._events.state(tx, session_id)
            for guest in state.invitations[invitation_id].guests:
                await dismiss_guest(tx, guest)
        return await self._one(tx, session_id, invitation_id)

    async def listed(
        self, tx: Transaction, principal: Principal, session_id: UUID
    ) -> list[Invitation]:
        """Newest first. Raises NotFound, Forbidden."""
        await role_in(tx, principal, session_id, STAFF)
        found = await tx.execute(
            sa.select(invitations)
            .where(invitations.c.session_id == session_id)
            .order_by(invitations.c.id.desc())
        )
        return [to_invitation(row) for row in found.mappings()]

    async def accept(self, command: AcceptInvitation, key: str) -> GuestReply:
        """Raises NotFound for an unknown token, InvitationOver, SessionOver, IdempotencyKeyReused for another name."""
        row = await self._by_token(command.token)
        name, guest_id = command.name.strip(), domain.guest_id(row["id"], key)
        async with self._database.system_transaction() as tx:
            await self._append(
                tx,
                row["tenant_id"],
                row["session_id"],
                f"guest:{guest_id}",
                lambda s: domain.accept(s, row["id"], guest_id, self._clock()),
            )
            user = await self._guest(tx, row, guest_id, name)
            reply = await self._open(tx, user, row["session_id"])
        return GuestReply(
            token=reply.token,
            expires_at=reply.expires_at,
            user=user,
            session_id=row["session_id"],
        )

    async def _guest(self, tx: Transaction, row: sa.RowMapping, guest_id: UUID, name: str) -> User:
        known = await known_guest(tx, row["tenant_id"], guest_id)
        if known is not None and known.name != name:
            raise IdempotencyKeyReused("This key was used for another request; use a new one.")
        return known or await add_guest(
            tx, row["tenant_id"], guest_id, name, row["session_id"], self._clock()
        )

    async def _open(self, tx: Transaction, user: User, session_id: UUID) -> LoginReply:
        ends = await tx.scalar(
            sa.select(sessions.c.scheduled_end).where(sessions.c.id == session_id)
        )
        return await self._sign_ins.open(tx, user, until=max(ends, self._clock()) + GRACE)

    async def _by_token(self, token: str) -> sa.RowMapping:
        async with self._database.system_transaction() as tx:
            found = await tx.execute(
                sa.select(invitations).where(invitations.c.token_hash == token_hash(token))
            )
            row = found.mappings().first()
        if row is None:
            raise NotFound("There is no such invitation.")
        return row

    async def _one(self, tx: Transaction, session_id: UUID, invitation_id: UUID) -> Invitation:
        found = await tx.execute(
            sa.select(invitations).where(
                invitations.c.id == invitation_id, invitations.c.session_id == session_id
            )
        )
        row = found.mappings().first()
        if row is None:
            raise NotFound("There is no such invitation.")
        return to_invitation(row)

    async def _append(
        self,
        tx: Transaction,
        tenant_id: UUID,
        session_id: UUID,
        key: str,
        decide: Callable[[SessionState], list[Event]],
    ) -> None:
        await self._events.append(tx, tenant_id, session_id, key, decide)


def to_invitation(row: sa.RowMapping) -> Invitation:
    return Invitation(**{name: row[name] for name in Invitation.__struct_fields__})
