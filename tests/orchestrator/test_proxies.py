"""Whose address counts: the connection's, unless a proxy that we trust says another."""

from typing import Any

import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from orchestrator.http.serving.server import behind_proxies
from orchestrator.settings import Settings


async def seen_address(settings: Settings, peer: str, forwarded: str) -> str:
    """What the application sees behind uvicorn's own middleware, set up as the program does."""
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"][0])

    options = behind_proxies(settings)
    served: Any = app
    if options["proxy_headers"]:
        served = ProxyHeadersMiddleware(app, options["forwarded_allow_ips"])
    scope: Any = {
        "type": "http",
        "client": (peer, 1),
        "headers": [(b"x-forwarded-for", forwarded.encode())],
    }
    await served(scope, None, None)
    return seen[0]


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        ("", "127.0.0.1", "203.0.113.9", "127.0.0.1"),
        ("10.0.0.0/8", "127.0.0.1", "203.0.113.9", "127.0.0.1"),
        ("10.0.0.0/8", "10.1.2.3", "203.0.113.9", "203.0.113.9"),
        # What the client made up stands left of what our own proxy has seen.
        ("10.0.0.0/8", "10.1.2.3", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.0/8,192.0.2.1", "10.1.2.3", "203.0.113.9, 192.0.2.1", "203.0.113.9"),
    ],
)
async def test_only_trusted_proxies_speak_for_others(
    trusted: str, peer: str, forwarded: str, address: str
) -> None:
    settings = Settings(trusted_proxies=trusted)
    assert await seen_address(settings, peer, forwarded) == address
