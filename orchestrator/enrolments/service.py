"""Who is in a course, and as what; whoever is taken out of a course leaves its live classes too."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orchestrator.audit.service import record
from orchestrator.auth.domain import MODERATORS, Principal
from orchestrator.auth.tables import users
from orchestrator.auth.users.roles import put_in_course
from orchestrator.core.database import Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.courses import roster
from orchestrator.courses.reading import locked, seen
from orchestrator.courses.tables import lessons
from orchestrator.people.domain import readmit, remove
from orchestrator.sessions.tables import session_participants as members
from orchestrator.sessions.tables import sessions
from orchestrator.state.session import SessionState
from schema.audit import AuditAction
from schema.courses import CourseRole, Enrolment, EnrolPerson
from schema.errors import Forbidden, InvalidField, NotFound, UnknownPeople

# Who may see addresses: staff, and those who assist them.


class Enrolments:
    """Works inside the caller's transaction; `key` is the event key of the request (orchestrator.http.idempotency).

    Every change raises NotFound, Forbidden.
    """

    def __init__(self, events: EventLog[SessionState]) -> None:
        self._events = events

    async def enrol(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        course_id: UUID,
        people: Sequence[EnrolPerson],
    ) -> list[Enrolment]:
        """All of them or, when one is unknown, nobody; a class that somebody was removed from opens again for them.
        Raises InvalidField, UnknownPeople."""
        await locked(tx, principal, course_id)
        chosen = await _known(tx, principal.tenant_id, people)
        await self._put(tx, principal, course_id, chosen)
        for session_id, pid in await _in_class(tx, course_id, chosen):
            back = partial(readmit, pid=pid, actor=principal.user_id)
            await self._events.append(tx, principal.tenant_id, session_id, f"{key}:{pid}", back)
        everybody = await roster.listed(tx, principal.tenant_id, course_id)
        return [one for one in everybody if one.user_id in chosen]

    async def change(
        self,
        tx: Transaction,
        principal: Principal,
        course_id: UUID,
        user_id: UUID,
        role: CourseRole,
    ) -> Enrolment:
        """In a class that is live it holds from their next join on."""
        await locked(tx, principal, course_id)
        everybody = await roster.listed(tx, principal.tenant_id, course_id)
        known = next((one for one in everybody if one.user_id == user_id), None)
        if known is None:
            raise NotFound("This person is not enrolled in the course.")
        await self._put(tx, principal, course_id, {user_id: role})
        return Enrolment(user_id=user_id, name=known.name, email=known.email, role=role)

    async def take_out(
        self, tx: Transaction, key: str, principal: Principal, course_id: UUID, user_id: UUID
    ) -> None:
        """Also of the course's live classes."""
        await locked(tx, principal, course_id)
        if not await roster.take_out(tx, principal.tenant_id, course_id, user_id):
            raise NotFound("This person is not enrolled in the course.")
        await _note(tx, "role.revoked", principal, course_id, user_id)
        for session_id, pid in await _in_class(tx, course_id, [user_id]):
            # As an admin, who stands above everybody in class: who is not enrolled has no place in it.
            out = partial(remove, pid=pid, actor=principal.user_id, role="admin")
            await self._events.append(tx, principal.tenant_id, session_id, key, out)

    async def _put(
        self,
        tx: Transaction,
        principal: Principal,
        course_id: UUID,
        people: Mapping[UUID, CourseRole],
    ) -> None:
        before = {
            one.user_id: one.role for one in await roster.listed(tx, principal.tenant_id, course_id)
        }
        await put_in_course(tx, principal.tenant_id, course_id, people)
        for user_id, role in people.items():
            if before.get(user_id) != role:
                await _note(tx, "role.granted", principal, course_id, user_id, role=role)


async def listed(tx: Transaction, principal: Principal, course_id: UUID) -> list[Enrolment]:
    """Raises NotFound, Forbidden."""
    await seen(tx, principal, course_id)
    if principal.role_in(course_id) not in MODERATORS:
        raise Forbidden("Your role does not allow this.")
    return await roster.listed(tx, principal.tenant_id, course_id)


async def _in_class(
    tx: Transaction, course_id: UUID, user_ids: Iterable[UUID]
) -> list[tuple[UUID, UUID]]:
    """Session and participant, wherever one of them is or was in a live class of the course."""
    found = await tx.execute(
        sa.select(members.c.session_id, members.c.id)
        .join(sessions, sessions.c.id == members.c.session_id)
        .join(lessons, lessons.c.id == sessions.c.lesson_id)
        .where(
            lessons.c.course_id == course_id,
            sessions.c.status == "live",
            members.c.user_id.in_(list(user_ids)),
        )
        # Each append locks its session: always in the same order.
        .order_by(members.c.session_id, members.c.id)
    )
    return [(row.session_id, row.id) for row in found]


async def _note(
    tx: Transaction,
    action: AuditAction,
    principal: Principal,
    course_id: UUID,
    user_id: UUID,
    **details: Any,
) -> None:
    place = {"scope": "course", "scope_id": str(course_id)}
    await record(
        tx,
        action,
        principal.tenant_id,
        actor_id=principal.user_id,
        target_id=user_id,
        **place,
        **details,
    )


async def _known(
    tx: Transaction, tenant_id: UUID, people: Sequence[EnrolPerson]
) -> dict[UUID, CourseRole]:
    """The role of each user; who is named twice gets the last one."""
    wanted = [_named(place, person) for place, person in enumerate(people)]
    found = await tx.execute(
        sa.select(users.c.id, users.c.email).where(
            users.c.tenant_id == tenant_id,
            users.c.disabled_at.is_(None),
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
