"""When an invitation was made, how often it was used, and whether it was revoked."""

from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.invitations.tables import invitations
from schema import events as e


async def project(tx: Transaction, _tenant_id: UUID, event: e.StoredEvent) -> None:
    match event.payload:
        case e.InvitationCreated(invitation_id=key):
            await _set(tx, key, created_at=event.created_at)
        case e.InvitationAccepted(invitation_id=key):
            await _set(tx, key, uses=invitations.c.uses + 1)
        case e.InvitationRevoked(invitation_id=key):
            await _set(tx, key, revoked=True)
        case _:
            pass


async def _set(tx: Transaction, key: UUID, **values: object) -> None:
    await tx.execute(sa.update(invitations).where(invitations.c.id == key).values(**values))
