"""A control plane for agents under test: real HTTP, bodies checked against the schema, everything it took kept in order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from aiohttp import web

from schema.agents import (
    Accepted,
    EventPage,
    ReportCaptions,
    ReportSegments,
    RoomInfo,
    SpeakerSegment,
)
from schema.captions import USUAL, RoomCaptions
from schema.errors import ErrorBody
from schema.events import CaptionFinalized, StoredEvent

T = TypeVar("T")
TOKEN = "internal-token-of-the-tests"


class FakeControlPlane:
    """Deduplicates as the real one has to; `away` makes every answer a 503, `refuse` chooses reports for a 409."""

    def __init__(self) -> None:
        self.rooms: dict[str, RoomInfo] = {}
        self.captions: dict[UUID, list[CaptionFinalized]] = {}
        self.segments: dict[UUID, list[SpeakerSegment]] = {}
        self.events: dict[UUID, list[StoredEvent]] = {}
        self.over: set[UUID] = set()
        self.manners: dict[UUID, RoomCaptions] = {}
        self.deliveries = 0
        self.away = False
        self.refuse: Callable[[bytes], bool] = lambda _: False
        self.url = ""
        self._changed = asyncio.Condition()

    async def add_event(self, event: StoredEvent, *, last: bool = False) -> None:
        async with self._changed:
            self.events.setdefault(event.session_id, []).append(event)
            if last:
                self.over.add(event.session_id)
            self._changed.notify_all()

    async def until(self, condition: Any, within_s: float) -> None:
        """Waits until `condition()` holds after some report; raises TimeoutError."""
        async with asyncio.timeout(within_s), self._changed:
            await self._changed.wait_for(condition)

    async def room(self, request: web.Request) -> web.Response:
        info = self.rooms.get(request.match_info["room"])
        return refused(404, "not_found") if info is None else answered(info)

    async def page(self, request: web.Request) -> web.Response:
        session_id, after = UUID(request.match_info["id"]), int(request.query["after"])
        wait_s = int(request.query["waitMs"]) / 1000

        def fresh() -> list[StoredEvent]:
            return [e for e in self.events.get(session_id, []) if e.sequence > after]

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s), self._changed:
                await self._changed.wait_for(lambda: fresh() or session_id in self.over)
        items = fresh()
        last = items[-1].sequence if items else after
        return answered(EventPage(items=items, last_sequence=last, closed=session_id in self.over))

    async def manner(self, request: web.Request) -> web.Response:
        usual = RoomCaptions(settings=USUAL, languages={}, redacted=[])
        return answered(self.manners.get(UUID(request.match_info["id"]), usual))

    async def take_captions(self, request: web.Request) -> web.Response:
        body = await read(request, ReportCaptions)
        known = self.captions.setdefault(UUID(request.match_info["id"]), [])
        ids = {caption.segment_id for caption in known}
        return await self._take(known, [c for c in body.captions if c.segment_id not in ids])

    async def take_segments(self, request: web.Request) -> web.Response:
        body = await read(request, ReportSegments)
        known = self.segments.setdefault(UUID(request.match_info["id"]), [])
        ids = {(segment.track_sid, segment.index) for segment in known}
        new = [s for s in body.segments if (s.track_sid, s.index) not in ids]
        return await self._take(known, new)

    async def _take(self, known: list[T], new: list[T]) -> web.Response:
        self.deliveries += 1
        async with self._changed:
            known.extend(new)
            self._changed.notify_all()
        return answered(Accepted(accepted=len(new)))

    @web.middleware
    async def guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if self.away:
            return refused(503, "database_unavailable")
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return refused(401, "not_signed_in")
        if self.refuse(await request.read()):
            return refused(409, "session_over")
        try:
            response: web.StreamResponse = await handler(request)
        except msgspec.ValidationError as error:
            return refused(400, "malformed_request", str(error))
        return response


async def read(request: web.Request, kind: type[T]) -> T:
    return msgspec.json.decode(await request.read(), type=kind, strict=True)


def answered(body: msgspec.Struct) -> web.Response:
    return web.Response(body=msgspec.json.encode(body), content_type="application/json")


def refused(status: int, code: str, message: str = "") -> web.Response:
    body = msgspec.json.encode(ErrorBody(code=code, message=message))
    return web.Response(status=status, body=body, content_type="application/json")


@contextlib.asynccontextmanager
async def fake_control_plane() -> AsyncIterator[FakeControlPlane]:
    plane = FakeControlPlane()
    app = web.Application(middlewares=[plane.guard])
    session = "/api/internal/sessions/{id}"
    app.add_routes(
        [
            web.get("/api/internal/rooms/{room}", plane.room),
            web.get(session + "/events", plane.page),
            web.get(session + "/captions/settings", plane.manner),
            web.post(session + "/captions", plane.take_captions),
            web.post(session + "/speaker-segments", plane.take_segments),
        ]
    )
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    plane.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield plane
    finally:
        await runner.cleanup()
