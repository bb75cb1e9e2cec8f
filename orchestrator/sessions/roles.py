"""Where a session belongs, and in which role somebody acts on it or reads it."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.sessions import domain
from schema.auth import RoleName
from schema.errors import Forbidden, NotFound

# Plain SQL, straight to the driver.
PLACE = """
select s.tenant_id, s.lesson_id, l.course_id
 from sessions s join lessons l on l.id = s.lesson_id where s.id = $1
"""
READER = """
select l.course_id, s.status = 'live' and coalesce(p.removed, false) as kept_out
 from sessions s join lessons l on l.id = s.lesson_id
 left join session_participants p on p.session_id = s.id and p.user_id = $3
 where s.id = $1 and s.tenant_id = $2
"""
REMOVED = """
select p.session_id, p.user_id from session_participants p join sessions s on s.id = p.session_id
 where p.session_id = any($1::uuid[]) and p.removed and s.status = 'live'
"""


class Place(NamedTuple):
    """Where a session belongs: for ever."""

    tenant_id: UUID
    lesson_id: UUID
    course_id: UUID


async def role_in(
    tx: Transaction,
    principal: Principal,
    session_id: UUID,
    allowed: frozenset[RoleName] | None = None,
) -> RoleName:
    """The role in which somebody acts on this session. Raises NotFound, Forbidden without one that is allowed."""
    return acting(principal, await place_of(tx, principal, session_id), session_id, allowed)


async def reader(tx: Transaction, principal: Principal, session_id: UUID) -> RoleName:
    """The role in which somebody reads this session. Raises NotFound, also for who has no role in it; KeptOut while it is
    live and they are removed from it."""
    found = await tx.fetch(READER, session_id, principal.tenant_id, principal.user_id)
    role = principal.role_in(found[0]["course_id"], session_id) if found else None
    if role is None:
        raise no_session()
    if found[0]["kept_out"]:
        raise domain.kept_out()
    return role


async def removed_from(database: Database, session_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Session and user of everybody who may not read those of these sessions that are live."""
    rows = await database.system_fetch(REMOVED, list(session_ids))
    return {(row["session_id"], row["user_id"]) for row in rows}


async def place_of(tx: Transaction, principal: Principal, session_id: UUID) -> Place:
    """Raises NotFound."""
    place: Place | None = tx.facts.get(session_id)
    if place is None:
        found = await tx.fetch(PLACE, session_id)
        if not found:
            raise no_session()
        place = tx.facts[session_id] = Place(*found[0])
    if place.tenant_id != principal.tenant_id:
        raise no_session()
    return place


def acting(
    principal: Principal, place: Place, session_id: UUID, allowed: frozenset[RoleName] | None
) -> RoleName:
    role = principal.role_in(place.course_id, session_id)
    if role is None or (allowed is not None and role not in allowed):
        raise Forbidden("Your role does not allow this.")
    return role


def no_session() -> NotFound:
    return NotFound("There is no such session.")
