"""The log of a session as pages, and as a stream of server-sent events."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, HeaderParameter, QueryParameter
from litestar.response import Stream

from orchestrator.auth.domain import Principal
from orchestrator.auth.signin.browser import token_of
from orchestrator.realtime.feed import Feed
from orchestrator.realtime.viewers import Viewer, Viewers
from schema.agents import EventPage

After = Annotated[int, QueryParameter(ge=0, description="The last sequence already seen.")]
LastEventId = Annotated[
    int | None,
    HeaderParameter(name="Last-Event-ID", ge=0, description="As `after`, and wins over it."),
]
# Proxies such as nginx would else collect events before they pass them on.
UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class FeedController(Controller):
    path = "/api/sessions/{session_id:uuid}/events"
    tags = ("sessions",)

    @get()
    async def session_events(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        feed: NamedDependency[Feed],
        viewers: NamedDependency[Viewers],
        after: After = 0,
    ) -> EventPage:
        await viewers.admit(principal, session_id)
        return await feed.page(session_id, after, principal.tenant_id)

    @get(
        "/stream",
        responses={200: ResponseSpec(str, media_type="text/event-stream", generate_examples=False)},
    )
    async def stream_session_events(
        self,
        session_id: FromPath[UUID],
        request: Request[Principal, Any, Any],
        principal: NamedDependency[Principal],
        viewers: NamedDependency[Viewers],
        after: After = 0,
        last_event_id: LastEventId = None,
    ) -> Stream:
        """Each event as `id` (its sequence) and `data` (as in the pages), those after `after` first; `closed` is the last one."""
        await viewers.admit(principal, session_id)
        viewer = Viewer(token_of(request) or "", principal, session_id)
        start = after if last_event_id is None else last_event_id
        return Stream(
            viewers.watch(viewer, start), media_type="text/event-stream", headers=UNBUFFERED
        )
