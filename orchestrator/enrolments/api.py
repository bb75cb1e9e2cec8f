"""/api/courses/{id}/enrolments: who is in a course."""

from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.enrolments.service import Enrolments, listed
from orchestrator.http.idempotency import Write
from schema.base import Command, Page
from schema.courses import ChangeEnrolment, Enrolment, EnrolPeople


class EnrolmentsController(Controller):
    path = "/api/courses/{course_id:uuid}/enrolments"
    tags = ("courses",)

    @get()
    async def course_enrolments(
        self,
        course_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
    ) -> Page[Enrolment]:
        """Teachers first, then by name."""
        async with database.transaction(principal.tenant_id) as tx:
            return Page(items=await listed(tx, principal, course_id))

    @post()
    async def enrol_people(
        self,
        course_id: FromPath[UUID],
        data: JSONBody[EnrolPeople],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        enrolments: NamedDependency[Enrolments],
    ) -> Page[Enrolment]:
        """All of them or, when one has no account here (422 `unknown_people`), nobody."""
        items = await write.once(
            data,
            lambda tx, key: enrolments.enrol(tx, key, principal, course_id, data.people),
            list[Enrolment],
        )
        return Page(items=items)

    @patch("/{user_id:uuid}")
    async def change_enrolment(
        self,
        course_id: FromPath[UUID],
        user_id: FromPath[UUID],
        data: JSONBody[ChangeEnrolment],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        enrolments: NamedDependency[Enrolments],
    ) -> Enrolment:
        return await write.once(
            data,
            lambda tx, _: enrolments.change(tx, principal, course_id, user_id, data.role),
            Enrolment,
        )

    @delete("/{user_id:uuid}")
    async def delete_enrolment(
        self,
        course_id: FromPath[UUID],
        user_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        enrolments: NamedDependency[Enrolments],
    ) -> None:
        """Also out of a class that is live."""

        async def work(tx: Transaction, key: str) -> Command:
            await enrolments.take_out(tx, key, principal, course_id, user_id)
            return Command()

        await write.once(Command(), work, Command)
