"""Argon2id with the library's parameters (64 MiB, 3 passes) in threads, few at once; and which passwords are taken."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from schema.errors import PasswordRefused, TooManyAttempts

# One hash keeps a core busy for 0.13 s; more at once would starve the requests of everybody else.
MAX_AT_ONCE = 2
# However many strangers try, one place stays free for those who have signed in here before.
STRANGERS_AT_ONCE = 1
# Their queue: about 15 s long. Whoever comes then is told to come back.
MAX_WAITING = 100
COME_BACK_S = 10

# OWASP ASVS 5.0, 6.2: length and a list of common ones, nothing about kinds of characters.
MIN_CHARS = 8
MAX_CHARS = 256
COMMON = Path(__file__).parent / "common_passwords.txt"

hasher = PasswordHasher()
# Verified when the account is unknown, so that the time of the answer does not tell.
DECOY = hasher.hash("an account that is not there")


class Passwords:
    """One per process: the limits hold for all who share it."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(MAX_AT_ONCE)
        self._strangers = asyncio.Semaphore(STRANGERS_AT_ONCE)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        async with self._slots:
            return await asyncio.to_thread(hasher.hash, password)

    async def verify(self, stored: str | None, password: str, *, known: bool = False) -> bool:
        """False for a wrong password, and for no stored one after the same time.

        `known` is who has signed in from this device before. Raises TooManyAttempts when too many strangers wait.
        """
        async with self._slots if known else self._queue():
            return await asyncio.to_thread(_matches, stored or DECOY, password) and bool(stored)

    @asynccontextmanager
    async def _queue(self) -> AsyncIterator[None]:
        if self._waiting >= MAX_WAITING:
            raise TooManyAttempts(COME_BACK_S)
        self._waiting += 1
        try:
            async with self._strangers, self._slots:
                yield
        finally:
            self._waiting -= 1


def check_acceptable(password: str) -> None:
    """Raises PasswordRefused."""
    if len(password) < MIN_CHARS:
        raise PasswordRefused(f"A password has at least {MIN_CHARS} characters.")
    if len(password) > MAX_CHARS:
        raise PasswordRefused(f"A password has at most {MAX_CHARS} characters.")
    if password.lower() in common_passwords():
        raise PasswordRefused("This password is one of the most common ones; choose another.")


@cache
def common_passwords() -> frozenset[str]:
    lines = COMMON.read_text().splitlines()
    return frozenset(line.lower() for line in lines if not line.startswith("#"))


def _matches(stored: str, password: str) -> bool:
    try:
        return hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
