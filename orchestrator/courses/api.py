"""/api/courses and /api/lessons."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database
from orchestrator.courses import service
from orchestrator.http.idempotency import Write
from schema.base import Page
from schema.courses import Course, CreateCourse, CreateLesson, Lesson


class CoursesController(Controller):
    path = "/api"
    tags = ("courses",)

    @get("/courses")
    async def courses(
        self, principal: NamedDependency[Principal], database: NamedDependency[Database]
    ) -> Page[Course]:
        async with database.transaction(principal.tenant_id) as tx:
            return Page(items=await service.list_courses(tx, principal.tenant_id))

    @post("/courses")
    async def create_course(
        self,
        data: JSONBody[CreateCourse],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
    ) -> Course:
        return await write.once(
            data,
            lambda tx, _: service.create_course(tx, principal.tenant_id, data),
            Course,
        )

    @get("/courses/{course_id:uuid}/lessons")
    async def course_lessons(
        self,
        course_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
    ) -> Page[Lesson]:
        async with database.transaction(principal.tenant_id) as tx:
            return Page(items=await service.list_lessons(tx, principal.tenant_id, course_id))

    @post("/courses/{course_id:uuid}/lessons")
    async def create_lesson(
        self,
        course_id: FromPath[UUID],
        data: JSONBody[CreateLesson],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
    ) -> Lesson:
        return await write.once(
            data,
            lambda tx, _: service.create_lesson(tx, principal.tenant_id, course_id, data),
            Lesson,
        )

    @get("/lessons")
    async def lessons(
        self, principal: NamedDependency[Principal], database: NamedDependency[Database]
    ) -> Page[Lesson]:
        async with database.transaction(principal.tenant_id) as tx:
            return Page(items=await service.list_lessons(tx, principal.tenant_id))
