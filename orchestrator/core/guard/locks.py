"""A lock by name: who decides by what was read takes it before reading, and so reads what the one before wrote."""

import hashlib

import sqlalchemy as sa

from orchestrator.core.database import Transaction


async def advisory_lock(tx: Transaction, *name: object) -> None:
    """Waits until no other transaction has this one, and keeps it to the end; taken before a log is locked, never after."""
    digest = hashlib.blake2b(" ".join(map(str, name)).encode(), digest_size=8).digest()
    key = int.from_bytes(digest, signed=True)
    await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
