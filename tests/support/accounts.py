"""Connecting accounts of the simulated platforms, as a person with a browser does."""

from typing import Any

import httpx
import msgspec

from orchestrator.settings import Secret, Settings, variable
from tests.fakes.platforms import Simulator
from tests.support.school import Caller, Member, bearer

PLATFORMS = ("youtube", "twitch")
CONNECTIONS = "/api/platforms/connections"


def settings_for(settings: Settings, simulator: Simulator) -> Settings:
    return msgspec.structs.replace(
        settings,
        platforms_url=simulator.url,
        youtube_client_id=simulator.google.client_id,
        youtube_client_secret=Secret(simulator.google.client_secret),
        twitch_client_id=simulator.twitch.client_id,
        twitch_client_secret=Secret(simulator.twitch.client_secret),
    )


def variables_for(simulator: Simulator) -> dict[str, str]:
    """The same for a program of its own, by variable name."""
    return {
        variable("platforms_url"): simulator.url,
        variable("youtube_client_id"): simulator.google.client_id,
        variable("youtube_client_secret"): simulator.google.client_secret,
        variable("twitch_client_id"): simulator.twitch.client_id,
        variable("twitch_client_secret"): simulator.twitch.client_secret,
    }


async def allow(caller: Caller, who: Member, platform: str) -> str:
    """Begins, says yes on the platform's page; the path on which the browser comes back."""
    reply = await caller.post(who, f"{CONNECTIONS}/{platform}/connect", None, key="")
    assert reply.status_code == 200, reply.text
    async with httpx.AsyncClient() as outside:
        answer = await outside.get(reply.json()["authorizationUrl"])
    assert answer.status_code == 302, answer.text
    back = httpx.URL(answer.headers["location"])
    return back.raw_path.decode()


async def come_back(caller: Caller, who: Member, path: str) -> str:
    """The page on which the browser ends up."""
    reply = await caller.http.get(path, headers=bearer(who))
    assert reply.status_code == 303, reply.text
    return str(reply.headers["location"])


async def connect(caller: Caller, who: Member, platform: str) -> dict[str, Any]:
    """Connects; the destination that came of it."""
    page = await come_back(caller, who, await allow(caller, who, platform))
    assert page == f"/dashboard/destinations?connected={platform}"
    items = (await caller.get(who, "/api/destinations")).json()["items"]
    found: dict[str, Any] = next(item for item in items if item["type"] == platform)
    return found


async def status(caller: Caller, who: Member, platform: str) -> dict[str, Any]:
    """As the platform says now."""
    reply = await caller.get(who, f"{CONNECTIONS}/{platform}/status")
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found
