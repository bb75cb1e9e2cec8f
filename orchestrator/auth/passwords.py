"""Argon2id with the library's parameters (64 MiB, 3 passes), in threads, at most two at once."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# One hash keeps a core busy for 0.13 s; more at once would starve the requests of everybody else.
MAX_AT_ONCE = 2

hasher = PasswordHasher()
# Verified when the account is unknown, so that the time of the answer does not tell.
DECOY = hasher.hash("an account that is not there")


class Passwords:
    """One per process: the limit holds for all who share it."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(MAX_AT_ONCE)

    async def hash(self, password: str) -> str:
        async with self._slots:
            return await asyncio.to_thread(hasher.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """False for a wrong password, and for no stored one after the same time."""
        async with self._slots:
            return await asyncio.to_thread(_matches, stored or DECOY, password) and bool(stored)


def _matches(stored: str, password: str) -> bool:
    try:
        return hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
