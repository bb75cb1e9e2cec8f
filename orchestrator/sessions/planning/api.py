"""/api/sessions before a class begins: schedule, list, edit, cancel."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, Response, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database
from orchestrator.http.idempotency import Write
from orchestrator.http.precondition import IfMatch, based_on, etag
from orchestrator.sessions.planning import service
from orchestrator.sessions.planning.listing import Filter, listed
from orchestrator.sessions.planning.service import Planned, Planning
from schema.base import Page
from schema.errors import InvalidField
from schema.sessions import (
    CancelReply,
    CreateSession,
    Session,
    SessionCommand,
    SessionStatus,
    UpdateSession,
)

Limit = Annotated[int, QueryParameter(ge=1, le=200)]
CourseId = Annotated[UUID | None, QueryParameter(name="courseId")]
From = Annotated[
    datetime | None, QueryParameter(name="from", description="Only what ends after this.")
]
To = Annotated[datetime | None, QueryParameter(description="Only what starts before this.")]


def provide_filter(
    course_id: CourseId = None,
    status: FromQuery[list[SessionStatus] | None] = None,
    from_: From = None,
    to: To = None,
    sort: FromQuery[Literal["asc", "desc"]] = "desc",
) -> Filter:
    """What the list is asked for. Raises InvalidField."""
    return Filter(
        course_id=course_id,
        statuses=tuple(status or ()),
        begin=_moment("from", from_),
        end=_moment("to", to),
        soonest_first=sort == "asc",
    )


def _moment(field: str, moment: datetime | None) -> datetime | None:
    """Raises InvalidField for a time without its zone."""
    if moment is not None and moment.tzinfo is None:
        raise InvalidField(field, "A time needs its zone, as in 2026-01-31T09:00:00Z.")
    return moment


class PlanningController(Controller):
    path = "/api/sessions"
    tags = ("sessions",)

    @get(dependencies={"wanted": Provide(provide_filter, sync_to_thread=False)})
    async def sessions(
        self,
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        wanted: NamedDependency[Filter],
        cursor: FromQuery[UUID | None] = None,
        limit: Limit = 50,
    ) -> Page[Session]:
        """Those that one may see, by their start: the latest first, or with `sort=asc` the soonest."""
        async with database.transaction(principal.tenant_id) as tx:
            items = await listed(tx, principal, wanted, cursor, limit)
        return Page(items=items, next_cursor=str(items[-1].id) if len(items) == limit else None)

    @post()
    async def create_session(
        self,
        data: JSONBody[CreateSession],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        planning: NamedDependency[Planning],
    ) -> Session:
        return await write.once(
            data, lambda tx, key: planning.create(tx, key, principal, data), Session
        )

    @get("/{session_id:uuid}")
    async def session(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
    ) -> Response[Session]:
        """Its `ETag` is the sequence of its last event."""
        async with database.transaction(principal.tenant_id) as tx:
            found = await service.get(tx, principal, session_id)
        return Response(found.session, headers=etag(found.version))

    @patch("/{session_id:uuid}")
    async def update_session(
        self,
        session_id: FromPath[UUID],
        data: JSONBody[UpdateSession],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        planning: NamedDependency[Planning],
        if_match: IfMatch = None,
    ) -> Response[Session]:
        """Until it begins."""
        version = based_on(if_match)
        found = await write.once(
            data,
            lambda tx, key: planning.edit(tx, key, principal, session_id, data, version),
            Planned,
        )
        return Response(found.session, headers=etag(found.version))

    @post("/cancel", status_code=200)
    async def cancel_session(
        self,
        data: JSONBody[SessionCommand],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        planning: NamedDependency[Planning],
    ) -> CancelReply:
        """Until it begins; there is no way back."""
        session = await write.once(
            data, lambda tx, key: planning.cancel(tx, key, principal, data.session_id), Session
        )
        return CancelReply(session=session)
