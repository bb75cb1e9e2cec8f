"""/api/health: is everything there that a class needs."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec
import structlog
from litestar import Controller, Response, get
from litestar.di import NamedDependency

from schema.errors import BusUnavailable, DatabaseUnavailable, LiveKitUnavailable

log = structlog.get_logger(__name__)

Check = Callable[[], Awaitable[object]]
CHECK_TIMEOUT_S = 2.0
CODES = {
    "database": DatabaseUnavailable.code,
    "redis": BusUnavailable.code,
    "livekit": LiveKitUnavailable.code,
}


class Checks:
    """What to ask, by name."""

    def __init__(self, database: Check, redis: Check, livekit: Check) -> None:
        self.by_name = {"database": database, "redis": redis, "livekit": livekit}


class Health(msgspec.Struct, frozen=True):
    status: Literal["ok", "degraded"]
    checks: dict[str, Literal["ok", "away"]]
    code: str | None = None


class HealthController(Controller):
    path = "/api/health"
    tags = ("health",)

    @get()
    async def health(self, checks: NamedDependency[Checks]) -> Response[Health]:
        """200 when everything answers, else 503 with the code of the first that does not."""
        asked = checks.by_name
        answers = await asyncio.gather(*(_ask(name, check) for name, check in asked.items()))
        found = dict(zip(asked, answers, strict=True))
        away = next((name for name, answer in found.items() if answer == "away"), None)
        if away is None:
            return Response(Health(status="ok", checks=found))
        body = Health(status="degraded", checks=found, code=CODES[away])
        return Response(body, status_code=503, headers={"Retry-After": "2"})

    @get("/live")
    async def alive(self) -> dict[str, str]:
        """This process answers; nothing else is asked."""
        return {"status": "ok"}


async def _ask(name: str, check: Check) -> Literal["ok", "away"]:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            await check()
    except Exception as error:  # noqa: BLE001 whatever goes wrong, the answer is "away"
        log.warning("health check failed", check=name, error=repr(error))
        return "away"
    return "ok"
