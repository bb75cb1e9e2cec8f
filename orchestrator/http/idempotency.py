"""The Idempotency-Key of a write: one transaction that locks the key, replays a stored reply or does the work and stores it.

The lock is PostgreSQL's, scoped to the transaction: it ends with it, however it ends (docs/adr/0006-idempotency.md).
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, Protocol, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
from litestar import Request
from litestar.di import NamedDependency
from litestar.params import HeaderParameter

from orchestrator.core.clock import Clock, utc_now
from orchestrator.core.database import Database, Transaction
from orchestrator.http.tables import idempotency_keys as replies
from schema.base import Command
from schema.errors import (
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    InvalidField,
    RequestInFlight,
)

R = TypeVar("R")

HEADER = "Idempotency-Key"
MAX_KEY_CHARS = 255
# Longer than any client goes on retrying.
RETENTION = timedelta(days=7)

# Locks the key, then reads its reply in a statement of its own, which sees what the lock's last holder committed.
CLAIM = "select * from claim_key($1, $2, $3, $4, $5)"
STORE = """
insert into idempotency_keys
 (tenant_id, principal_id, route, key, request_hash, reply, created_at, expires_at)
 values ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8)
"""


class Actor(Protocol):
    """Who writes; orchestrator.auth's Principal is one."""

    @property
    def tenant_id(self) -> UUID: ...
    @property
    def user_id(self) -> UUID: ...


class Write:
    """One request that writes. `route` is method and path template, `path` the concrete one; `key` the header's value.

    `replayed` says of what `once` gave whether it is a stored reply."""

    def __init__(
        self,
        database: Database,
        actor: Actor,
        route: str,
        path: str,
        key: str | None,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._actor = actor
        self._route = route
        self._path = path
        self._header = key
        self._clock = clock
        self.replayed = False

    async def once(
        self,
        command: Command,
        work: Callable[[Transaction, str], Awaitable[R]],
        type: type[R],  # noqa: A002 the word msgspec uses
    ) -> R:
        """Runs `work(tx, event_key)` at most once per key and gives its result, or the stored one, as `type`.

        `type` is a Struct without secrets: mint tokens from it afterwards. A refusal raised by `work` stores nothing. Raises
        IdempotencyKeyMissing, IdempotencyKeyReused, RequestInFlight, InvalidField.
        """
        key = chosen_key(self._header, command.idempotency_key)
        async with self._database.transaction(self._actor.tenant_id) as tx:
            stored = await self._claim(tx, key)
            if stored is None:
                result = await work(tx, self._event_key(key))
                self._store(tx, key, self._digest(command), result)
                return result
        self.replayed = True
        return self._replay(command, stored, type)

    async def unkept(self, command: Command, work: Callable[[Transaction, str], Awaitable[R]]) -> R:
        """As `once` for work that is known again by its event key alone, where a reply that is kept would tell on somebody:
        then the work runs each time, and refuses another body itself."""
        key = chosen_key(self._header, command.idempotency_key)
        async with self._database.transaction(self._actor.tenant_id) as tx:
            await self._claim(tx, key)
            return await work(tx, self._event_key(key))

    async def stored(
        self,
        command: Command,
        type: type[R],  # noqa: A002 as above
    ) -> R | None:
        """The reply to this request if it was answered before: for work too long to be done inside `once`.

        Raises IdempotencyKeyMissing, IdempotencyKeyReused, RequestInFlight, InvalidField.
        """
        key = chosen_key(self._header, command.idempotency_key)
        async with self._database.transaction(self._actor.tenant_id) as tx:
            stored = await self._claim(tx, key)
        return None if stored is None else self._replay(command, stored, type)

    def _replay(
        self,
        command: Command,
        stored: tuple[bytes, str],
        type: type[R],  # noqa: A002 as above
    ) -> R:
        request_hash, reply = stored
        if request_hash != self._digest(command):
            raise IdempotencyKeyReused("This key was used for another request; use a new one.")
        return msgspec.json.decode(reply, type=type)

    def _digest(self, command: Command) -> bytes:
        body = msgspec.structs.replace(command, idempotency_key=None)
        return hashlib.sha256(
            self._path.encode() + b"\n" + msgspec.json.encode(body, order="deterministic")
        ).digest()

    def _scope(self, key: str) -> bytes:
        parts = (str(self._actor.tenant_id), str(self._actor.user_id), self._route, key)
        return hashlib.sha256("\n".join(parts).encode()).digest()

    def _event_key(self, key: str) -> str:
        return f"cmd:{self._scope(key).hex()}"

    async def _claim(self, tx: Transaction, key: str) -> tuple[bytes, str] | None:
        """The stored reply, or None: then the key is this transaction's. Raises RequestInFlight."""
        number = int.from_bytes(self._scope(key)[:8], signed=True)
        found = (await tx.fetch(CLAIM, *self._place(key), number))[0]
        if not found["claimed"]:
            raise RequestInFlight("The same request is still running; ask again shortly.")
        return None if found["hash"] is None else (found["hash"], found["answer"])

    def _place(self, key: str) -> tuple[UUID, UUID, str, str]:
        return self._actor.tenant_id, self._actor.user_id, self._route, key

    def _store(self, tx: Transaction, key: str, digest: bytes, result: object) -> None:
        now, reply = self._clock(), msgspec.json.encode(result).decode()
        tx.later(STORE, *self._place(key), digest, reply, now, now + RETENTION)


KeyHeader = Annotated[
    str | None,
    HeaderParameter(
        name=HEADER, description="Or `idempotencyKey` in the body; one of them is needed."
    ),
]


def chosen_key(header: str | None, body: str | None) -> str:
    """The key of a request, from either place. Raises IdempotencyKeyMissing, InvalidField."""
    if header and body and header != body:
        raise InvalidField("idempotencyKey", "Header and body give different keys.")
    key = header or body
    if not key:
        raise IdempotencyKeyMissing(f"Give the request a key of its own in {HEADER}.")
    if len(key) > MAX_KEY_CHARS or not key.isprintable():
        raise InvalidField(
            "idempotencyKey", f"A key has at most {MAX_KEY_CHARS} printable characters."
        )
    return key


async def provide_write(
    request: Request[Actor, Any, Any],
    database: NamedDependency[Database],
    idempotency_header: KeyHeader = None,
) -> Write:
    """The dependency `write` of every handler that changes something."""
    template = str(request.scope["path_template"])
    return Write(
        database,
        request.user,
        f"{request.method} {template}",
        request.url.path,
        idempotency_header,
    )


async def forget_expired(tx: Transaction, now: datetime) -> int:
    """Deletes replies past their retention; returns how many."""
    done = await tx.execute(sa.delete(replies).where(replies.c.expires_at < now))
    return done.rowcount
