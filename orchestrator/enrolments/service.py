"""Who is in a course, and as what; whoever is taken out of a course leaves its live classes too."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from orchestrator.auth.domain import Principal
from orchestrator.auth.tables import users
from orchestrator.core.database import Transaction
from orchestrator.courses import roster
from orchestrator.courses.reading import locked, seen
from schema.auth import RoleName
from schema.courses import CourseRole, Enrolment, EnrolPerson
from schema.errors import Forbidden, InvalidField, NotFound, UnknownPeople

# Who may see addresses: staff, and those who assist them.
MODERATORS: frozenset[RoleName] = frozenset({"teacher", "assistant", "admin"})


async def listed(tx: Transaction, principal: Principal, course_id: UUID) -> list[Enrolment]:
    """Raises NotFound, Forbidden."""
    await seen(tx, principal, course_id)
    if principal.role_in(course_id) not in MODERATORS:
        raise Forbidden("Your role does not allow this.")
    return await roster.listed(tx, principal.tenant_id, course_id)


async def enrol(
    tx: Transaction, principal: Principal, course_id: UUID, people: Sequence[EnrolPerson]
) -> list[Enrolment]:
    """All of them or, when one is unknown, nobody. Raises NotFound, Forbidden, InvalidField, UnknownPeople."""
    await locked(tx, principal, course_id)
    chosen = await _known(tx, principal.tenant_id, people)
    await roster.put(tx, principal.tenant_id, course_id, chosen)
    everybody = await roster.listed(tx, principal.tenant_id, course_id)
    return [one for one in everybody if one.user_id in chosen]


async def change(
    tx: Transaction, principal: Principal, course_id: UUID, user_id: UUID, role: CourseRole
) -> Enrolment:
    """Raises NotFound, Forbidden."""
    await locked(tx, principal, course_id)
    everybody = await roster.listed(tx, principal.tenant_id, course_id)
    known = next((one for one in everybody if one.user_id == user_id), None)
    if known is None:
        raise NotFound("This person is not enrolled in the course.")
    await roster.put(tx, principal.tenant_id, course_id, {user_id: role})
    return Enrolment(user_id=user_id, name=known.name, email=known.email, role=role)


async def take_out(tx: Transaction, principal: Principal, course_id: UUID, user_id: UUID) -> None:
    """Raises NotFound, Forbidden."""
    await locked(tx, principal, course_id)
    if not await roster.take_out(tx, principal.tenant_id, course_id, user_id):
        raise NotFound("This person is not enrolled in the course.")


async def _known(
    tx: Transaction, tenant_id: UUID, people: Sequence[EnrolPerson]
) -> dict[UUID, CourseRole]:
    """The role of each user; who is named twice gets the last one."""
    wanted = [_named(place, person) for place, person in enumerate(people)]
    found = await tx.execute(
        sa.select(users.c.id, users.c.email).where(
            users.c.tenant_id == tenant_id,
            sa.or_(
                users.c.email.in_([name for name in wanted if isinstance(name, str)]),
                users.c.id.in_([name for name in wanted if isinstance(name, UUID)]),
            ),
        )
    )
    ids: dict[str | UUID, UUID] = {}
    for row in found:
        ids |= {row.email: row.id, row.id: row.id}
    if missing := [str(name) for name in wanted if name not in ids]:
        raise UnknownPeople(missing)
    return {ids[name]: person.role for name, person in zip(wanted, people, strict=True)}


def _named(place: int, person: EnrolPerson) -> str | UUID:
    """Raises InvalidField unless there is exactly one of both."""
    if person.user_id is not None and person.email is None:
        return person.user_id
    if person.email is not None and person.user_id is None:
        return person.email.strip().lower()
    raise InvalidField(f"people.{place}", "Give either an e-mail address or a user id.")
