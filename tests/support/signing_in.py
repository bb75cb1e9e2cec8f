"""Signing in as a browser does: from an address, with cookies, with a password that fits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx
import msgspec
import sqlalchemy as sa
from litestar import Litestar

from orchestrator.auth.passwords import Passwords
from orchestrator.auth.tables import users
from orchestrator.core.database import Database
from tests.support.school import Member

PASSWORD = "correct horse battery staple"
ORIGIN = {"Origin": "http://127.0.0.1:5000"}


class Account(msgspec.Struct, frozen=True):
    member: Member
    email: str
    password: str = PASSWORD

    @property
    def body(self) -> dict[str, str]:
        return {"email": self.email, "password": self.password}


async def give_password(database: Database, member: Member) -> Account:
    """The member can sign in by `member.user_id`@school.test afterwards."""
    async with database.system_transaction() as tx:
        await tx.execute(
            sa.update(users)
            .where(users.c.id == member.user_id)
            .values(hashed_password=await Passwords().hash(PASSWORD))
        )
    return Account(member, f"{member.user_id}@school.test")


@asynccontextmanager
async def browser_at(app: Litestar, address: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of its own at this address; the application must be running (`caller`)."""
    transport = httpx.ASGITransport(app=cast("Any", app), client=(address, 40_000))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1:5000", headers=ORIGIN
    ) as http:
        yield http


async def sign_in(http: httpx.AsyncClient, account: Account, **wrong: str) -> httpx.Response:
    return await http.post("/api/auth/login", json=account.body | wrong)
