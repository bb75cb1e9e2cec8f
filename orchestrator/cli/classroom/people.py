"""One signed-in person and what the public API lets them do."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID, uuid4

import httpx2
import msgspec

from schema.auth import Login, LoginReply
from schema.base import Page
from schema.courses import Course, Lesson
from schema.destinations import Destination, SessionDestination
from schema.jobs import ArtifactJob
from schema.people import ClassMember
from schema.recordings import Replay
from schema.sessions import EndReply, JoinReply, Session
from schema.studio import BoardReply, Layout, Scene, Stroke

T = TypeVar("T")


class Refused(Exception):
    """The control plane said no to something the demo may do."""


class Person:
    """A context manager: signs in on entry. Every refusal is raised as Refused."""

    def __init__(self, web: str, email: str, password: str) -> None:
        self._login = Login(email=email, password=password)
        self._http = httpx2.AsyncClient(base_url=web, timeout=20)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._http)
        reply = await self._send("POST", "/api/auth/login", LoginReply, self._login)
        self._http.headers["Authorization"] = f"Bearer {reply.token}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def create_session(self, title: str, minutes: int = 5) -> Session:
        """In a new course with one lesson."""
        course = await self._send("POST", "/api/courses", Course, {"title": title})
        path = f"/api/courses/{course.id}/lessons"
        lesson = await self._send("POST", path, Lesson, {"title": title, "order": 1})
        now = datetime.now(UTC)
        body = {
            "lessonId": lesson.id,
            "title": title,
            "scheduledStart": now,
            "scheduledEnd": now + timedelta(minutes=minutes),
        }
        return await self._send("POST", "/api/sessions", Session, body)

    async def create_destination(self, name: str, url: str, key: str) -> Destination:
        body = {"type": "rtmp", "name": name, "url": url, "streamKey": key}
        return await self._send("POST", "/api/destinations", Destination, body)

    async def select(self, session: UUID, destinations: list[UUID]) -> None:
        path = f"/api/sessions/{session}/destinations"
        await self._send("POST", path, list[SessionDestination], {"destinationIds": destinations})

    async def destinations(self, session: UUID) -> list[SessionDestination]:
        path = f"/api/sessions/{session}/destinations"
        return await self._send("GET", path, list[SessionDestination])

    async def start(self, session: UUID) -> JoinReply:
        return await self._send("POST", "/api/sessions/start", JoinReply, {"sessionId": session})

    async def join(self, session: UUID) -> JoinReply:
        return await self._send("POST", "/api/sessions/join", JoinReply, {"sessionId": session})

    async def raise_hand(self, session: UUID) -> ClassMember:
        return await self._send("POST", f"/api/sessions/{session}/hand", ClassMember)

    async def let_speak(self, session: UUID, participant: UUID) -> ClassMember:
        path = f"/api/sessions/{session}/participants/{participant}/permissions"
        return await self._send("PATCH", path, ClassMember, {"publish": ["microphone"]})

    async def end(self, session: UUID) -> EndReply:
        return await self._send("POST", "/api/sessions/end", EndReply, {"sessionId": session})

    async def replay(self, session: UUID) -> Replay:
        return await self._send("GET", f"/api/replays/{session}", Replay)

    async def artifacts(self, session: UUID) -> list[ArtifactJob]:
        path = f"/api/sessions/{session}/artifacts"
        return (await self._send("GET", path, Page[ArtifactJob])).items

    async def create_scene(self, session: UUID, layout: Layout, background: str) -> Scene:
        body = {
            "sessionId": session,
            "name": background,
            "layout": layout,
            "metadata": {"backgroundColor": background},
        }
        return await self._send("POST", "/api/studio/scenes", Scene, body)

    async def activate_scene(self, scene: UUID) -> Scene:
        return await self._send("POST", f"/api/studio/scenes/{scene}/activate", Scene)

    async def paint_scene(self, scene: UUID, background: str) -> Scene:
        body = {"metadata": {"backgroundColor": background}}
        return await self._send("PATCH", f"/api/studio/scenes/{scene}", Scene, body)

    async def show_board(self, session: UUID) -> None:
        await self._send("POST", f"/api/sessions/{session}/whiteboard/show", Any)

    async def draw(self, session: UUID, stroke: Stroke) -> BoardReply:
        """On the blank board."""
        body = {"sessionId": session, "strokes": [stroke]}
        return await self._send(
            "POST", f"/api/studio/whiteboards/{session}/strokes", BoardReply, body
        )

    async def events(self, session: UUID) -> list[dict[str, Any]]:
        """The whole log, page by page."""
        found: list[dict[str, Any]] = []
        while True:
            after = found[-1]["sequence"] if found else 0
            path = f"/api/sessions/{session}/events?after={after}"
            page = await self._send("GET", path, dict[str, Any])
            if not page["items"]:
                return found
            found += page["items"]

    async def _send(self, method: str, path: str, kind: type[T], body: Any = None) -> T:
        response = await self._http.request(
            method,
            path,
            content=None if body is None else msgspec.json.encode(body),
            headers={"Content-Type": "application/json", "Idempotency-Key": str(uuid4())},
        )
        if response.status_code >= 400:
            raise Refused(f"{method} {path}: {response.status_code} {response.text[:300]}")
        return msgspec.json.decode(response.content, type=kind)
