"""POST /api/webhooks/livekit: the signature is the sign-in."""

from typing import Any

from litestar import Controller, Request, post
from litestar.di import NamedDependency

from orchestrator.webhooks.inbox import Inbox


class WebhooksController(Controller):
    path = "/api/webhooks"
    tags = ("webhooks",)

    @post("/livekit", status_code=200)
    async def receive_livekit_event(
        self, request: Request[Any, Any, Any], inbox: NamedDependency[Inbox]
    ) -> dict[str, str]:
        """For the media server alone, whose token in `Authorization` holds the body's hash; answered as soon as the event is
        stored, because LiveKit gives up on an event after 15 s of trouble."""
        await inbox.receive(await request.body(), request.headers.get("authorization", ""))
        return {"status": "ok"}
