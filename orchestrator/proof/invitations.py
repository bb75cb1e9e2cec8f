"""Invitations of guests: how often each was used, and whether it still counts."""

from collections.abc import Sequence
from uuid import UUID

from orchestrator.core.database import Transaction
from orchestrator.invitations.tables import invitations
from orchestrator.proof.facts import Facts, columns_of, rows_of
from orchestrator.state.session import SessionState
from schema.events import InvitationCreated, StoredEvent


def folded(state: SessionState, events: Sequence[StoredEvent]) -> Facts:
    created = {
        event.payload.invitation_id: event.created_at
        for event in events
        if isinstance(event.payload, InvitationCreated)
    }
    return {
        f"invitation {key}": {
            "created_at": created[key],
            "expires_at": one.expires_at,
            "max_uses": one.max_uses,
            "uses": len(one.guests),
            "revoked": one.revoked,
        }
        for key, one in state.invitations.items()
    }


async def stored(tx: Transaction, session_id: UUID) -> Facts:
    rows = await rows_of(tx, invitations, session_id)
    return {f"invitation {row['id']}": columns_of(row, "name", "token_hash") for row in rows}
