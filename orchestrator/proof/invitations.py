"""Invitations of guests: how often each was used, and whether it still counts."""

from collections.abc import Sequence
from uuid import UUID

from orchestrator.core.database import Transaction
from orchestrator.invitations.tables import invitations
from orchestrator.proof.facts import Facts, picked, rows_of
from orchestrator.state.session import SessionState
from schema.events import StoredEvent

INVITATION = ("expires_at", "max_uses", "uses", "revoked")


def folded(state: SessionState, _: Sequence[StoredEvent]) -> Facts:
    return {
        f"invitation {key}": {
            "expires_at": one.expires_at,
            "max_uses": one.max_uses,
            "uses": len(one.guests),
            "revoked": one.revoked,
        }
        for key, one in state.invitations.items()
    }


async def stored(tx: Transaction, session_id: UUID) -> Facts:
    rows = await rows_of(tx, invitations, session_id)
    return {f"invitation {row['id']}": picked(row, INVITATION) for row in rows}
