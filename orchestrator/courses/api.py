"""/api/courses."""

from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database
from orchestrator.courses import service
from orchestrator.courses.reading import seen
from orchestrator.http.idempotency import Write
from orchestrator.http.precondition import IfMatch, based_on, etag
from schema.base import Command, Page
from schema.courses import Course, CreateCourse, Removal, UpdateCourse


class CoursesController(Controller):
    path = "/api/courses"
    tags = ("courses",)

    @get()
    async def courses(
        self,
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        archived: FromQuery[bool] = False,
    ) -> Page[Course]:
        """Those in which one has a role; the archived ones only when asked for."""
        async with database.transaction(principal.tenant_id) as tx:
            return Page(items=await service.listed(tx, principal, archived=archived))

    @post()
    async def create_course(
        self,
        data: JSONBody[CreateCourse],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
    ) -> Course:
        return await write.once(data, lambda tx, _: service.create(tx, principal, data), Course)

    @get("/{course_id:uuid}")
    async def course(
        self,
        course_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
    ) -> Response[Course]:
        async with database.transaction(principal.tenant_id) as tx:
            found = await seen(tx, principal, course_id)
        return Response(found, headers=etag(found.version))

    @patch("/{course_id:uuid}")
    async def update_course(
        self,
        course_id: FromPath[UUID],
        data: JSONBody[UpdateCourse],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        if_match: IfMatch = None,
    ) -> Response[Course]:
        """Also archives it, and brings it back."""
        version = based_on(if_match)
        changed = await write.once(
            data, lambda tx, _: service.update(tx, principal, course_id, data, version), Course
        )
        return Response(changed, headers=etag(changed.version))

    @delete("/{course_id:uuid}", status_code=200)
    async def delete_course(
        self,
        course_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        if_match: IfMatch = None,
    ) -> Removal:
        """With its lessons; what has sessions is archived instead."""
        version = based_on(if_match)
        return await write.once(
            Command(), lambda tx, _: service.remove(tx, principal, course_id, version), Removal
        )
