"""What tests of the studio do again and again: files to upload, and a teacher who works on scenes."""

import io
from typing import Any
from uuid import UUID, uuid4

import httpx
from PIL import Image

from tests.support.school import Caller, Member, bearer


def png(width: int = 64, height: int = 36, color: str = "teal") -> bytes:
    return _saved([Image.new("RGB", (width, height), color)], "PNG")


def pdf(pages: int = 3) -> bytes:
    """Each page of another colour, so that a picture of it tells which one it is."""
    colors = ["red", "lime", "blue"]
    return _saved([Image.new("RGB", (320, 180), colors[n % 3]) for n in range(pages)], "PDF")


def _saved(pictures: list[Image.Image], kind: str) -> bytes:
    file = io.BytesIO()
    more = {"save_all": True, "append_images": pictures[1:]} if len(pictures) > 1 else {}
    pictures[0].save(file, kind, **more)
    return file.getvalue()


class Desk:
    """One person at the studio of one session."""

    def __init__(self, caller: Caller, who: Member, session_id: UUID) -> None:
        self.caller = caller
        self.who = who
        self.session_id = session_id

    async def send(
        self, method: str, path: str, body: Any = None, *, key: str = "", based_on: Any = None
    ) -> httpx.Response:
        headers = bearer(self.who) | {"Idempotency-Key": key or str(uuid4())}
        if based_on is not None:
            headers["If-Match"] = f'"{based_on}"'
        return await self.caller.http.request(method, path, headers=headers, json=body)

    async def create(
        self, name: str = "Start", layout: str = "grid", **more: Any
    ) -> httpx.Response:
        body = {"sessionId": str(self.session_id), "name": name, "layout": layout, **more}
        return await self.send("POST", "/api/studio/scenes", body)

    async def scene(self, name: str = "Start", layout: str = "grid", **more: Any) -> dict[str, Any]:
        reply = await self.create(name, layout, **more)
        assert reply.status_code == 201, reply.text
        made: dict[str, Any] = reply.json()
        return made

    async def upload(self, file: bytes, *, key: str = "", **form: str) -> httpx.Response:
        headers = bearer(self.who) | {"Idempotency-Key": key or str(uuid4())}
        fields = {"sessionId": str(self.session_id), "type": "slide", **form}
        name = fields.pop("name", "lesson.pdf")
        return await self.caller.http.post(
            "/api/studio/assets", headers=headers, data=fields, files={"file": (name, file)}
        )

    async def asset(self, file: bytes, **form: str) -> dict[str, Any]:
        reply = await self.upload(file, **form)
        assert reply.status_code == 201, reply.text
        made: dict[str, Any] = reply.json()
        return made

    async def listed(self, what: str) -> list[dict[str, Any]]:
        reply = await self.caller.get(self.who, f"/api/sessions/{self.session_id}/{what}")
        assert reply.status_code == 200, reply.text
        items: list[dict[str, Any]] = reply.json()["items"]
        return items


def refusal(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["code"]
