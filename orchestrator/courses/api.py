"""/api/courses and /api/lessons."""

from uuid import UUID

from litestar import Controller, get, post

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
    async def courses(self, principal: Principal, database: Database) -> Page[Course]:
        async with database.transaction() as tx:
            return Page(items=await service.list_courses(tx, principal.tenant_id))

    @post("/courses")
    async def create_course(self, data: CreateCourse, principal: Principal, write: Write) -> Course:
        return await write.once(
            data,
            lambda tx, _: service.create_course(tx, principal.tenant_id, data),
            Course,
        )

    @get("/courses/{course_id:uuid}/lessons")
    async def course_lessons(
        self, course_id: UUID, principal: Principal, database: Database
    ) -> Page[Lesson]:
        async with database.transaction() as tx:
            return Page(items=await service.list_lessons(tx, principal.tenant_id, course_id))

    @post("/courses/{course_id:uuid}/lessons")
    async def create_lesson(
        self, course_id: UUID, data: CreateLesson, principal: Principal, write: Write
    ) -> Lesson:
        return await write.once(
            data,
            lambda tx, _: service.create_lesson(tx, principal.tenant_id, course_id, data),
            Lesson,
        )

    @get("/lessons")
    async def lessons(self, principal: Principal, database: Database) -> Page[Lesson]:
        async with database.transaction() as tx:
            return Page(items=await service.list_lessons(tx, principal.tenant_id))
