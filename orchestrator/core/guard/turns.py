"""Turns: who decides by what was read takes one before reading, and so reads what the one before wrote."""

import hashlib

import sqlalchemy as sa

from orchestrator.core.database import Transaction


async def take_turn(tx: Transaction, *what: object) -> None:
    """Waits until no other transaction has the same turn, and keeps it to the end; taken before a log is locked, never after."""
    digest = hashlib.blake2b(" ".join(map(str, what)).encode(), digest_size=8).digest()
    turn = int.from_bytes(digest, signed=True)
    await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(turn)))
