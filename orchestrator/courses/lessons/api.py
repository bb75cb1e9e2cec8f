"""/api/courses/{id}/lessons and /api/lessons."""

from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database
from orchestrator.courses.lessons import service
from orchestrator.http.idempotency import Write
from orchestrator.http.precondition import IfMatch, based_on, etag
from schema.base import Command, Page
from schema.courses import CreateLesson, Lesson, OrderLessons, Removal, UpdateLesson


class LessonsController(Controller):
    path = "/api"
    tags = ("courses",)

    @get("/lessons")
    async def lessons(
        self, principal: NamedDependency[Principal], database: NamedDependency[Database]
    ) -> Page[Lesson]:
        """Of all one's courses, archived ones too: their sessions are still in the lists."""
        async with database.transaction(principal.tenant_id) as tx:
            return Page(items=await service.everywhere(tx, principal))

    @get("/courses/{course_id:uuid}/lessons")
    async def course_lessons(
        self,
        course_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        archived: FromQuery[bool] = False,
    ) -> Page[Lesson]:
        """In their order; the archived ones only when asked for."""
        async with database.transaction(principal.tenant_id) as tx:
            items = await service.listed(tx, principal, course_id, archived=archived)
        return Page(items=items)

    @post("/courses/{course_id:uuid}/lessons")
    async def create_lesson(
        self,
        course_id: FromPath[UUID],
        data: JSONBody[CreateLesson],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
    ) -> Lesson:
        return await write.once(
            data, lambda tx, _: service.create(tx, principal, course_id, data), Lesson
        )

    @put("/courses/{course_id:uuid}/lessons/order")
    async def order_lessons(
        self,
        course_id: FromPath[UUID],
        data: JSONBody[OrderLessons],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        if_match: IfMatch = None,
    ) -> Page[Lesson]:
        """All moves in one request; `If-Match` takes the course's version."""
        version = based_on(if_match)
        items = await write.once(
            data,
            lambda tx, _: service.order(tx, principal, course_id, data, version),
            list[Lesson],
        )
        return Page(items=items)

    @patch("/courses/{course_id:uuid}/lessons/{lesson_id:uuid}")
    async def update_lesson(
        self,
        course_id: FromPath[UUID],
        lesson_id: FromPath[UUID],
        data: JSONBody[UpdateLesson],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        if_match: IfMatch = None,
    ) -> Response[Lesson]:
        """Also archives it, and brings it back."""
        version = based_on(if_match)
        changed = await write.once(
            data,
            lambda tx, _: service.update(tx, principal, course_id, lesson_id, data, version),
            Lesson,
        )
        return Response(changed, headers=etag(changed.version))

    @delete("/courses/{course_id:uuid}/lessons/{lesson_id:uuid}", status_code=200)
    async def delete_lesson(
        self,
        course_id: FromPath[UUID],
        lesson_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        if_match: IfMatch = None,
    ) -> Removal:
        """What has sessions is archived instead."""
        version = based_on(if_match)
        return await write.once(
            Command(),
            lambda tx, _: service.remove(tx, principal, course_id, lesson_id, version),
            Removal,
        )
