"""A strict server of OpenAI's chat completions on loopback, from its API reference: what it would refuse is refused here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.fakes.openai import authorized, refused, serving

MODEL = "small-and-local"
ROLES = {"system", "user", "assistant"}


class FakeChat:
    """Answers every question with `text`; `status` takes the place of 200, `body` that of the whole answer."""

    def __init__(self) -> None:
        self.url = ""
        self.text = "A short summary."
        self.status = 200
        self.body: Any = None
        self.asked: list[dict[str, Any]] = []

    async def complete(self, request: web.Request) -> web.Response:
        if not authorized(request):
            return refused(401, "invalid_api_key")
        if self.status != 200:
            return refused(self.status, "server_error")
        asked = await request.json()
        if problem := check(asked):
            return refused(400, problem)
        self.asked.append(asked)
        return web.json_response(self._said(asked) if self.body is None else self.body)

    def _said(self, asked: dict[str, Any]) -> dict[str, Any]:
        message = {"role": "assistant", "content": self.text, "refusal": None}
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": asked["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        }


def check(asked: dict[str, Any]) -> str:
    """What the server would say against it; empty for nothing."""
    messages = asked.get("messages")
    if set(asked) - {"model", "messages", "temperature"}:
        return "unknown parameters"
    if asked.get("model") != MODEL:
        return "model_not_found"
    if not isinstance(messages, list) or not messages:
        return "messages are required"
    if any(one.get("role") not in ROLES or not one.get("content") for one in messages):
        return "a message has a role and content"
    return "" if 0 <= asked.get("temperature", 1) <= 2 else "temperature is from 0 to 2"


@asynccontextmanager
async def fake_chat() -> AsyncIterator[FakeChat]:
    fake = FakeChat()
    async with serving("/chat/completions", fake.complete) as fake.url:
        yield fake
