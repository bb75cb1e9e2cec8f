"""Headers that every answer carries: what the page may load, and from where."""

from urllib.parse import urlsplit

from litestar.datastructures import MutableScopeHeaders
from litestar.types import BeforeMessageSendHookHandler, Message, Scope

from orchestrator.settings import Settings

HSTS = "max-age=63072000; includeSubDomains"


def security_headers(settings: Settings) -> BeforeMessageSendHookHandler:
    fixed = {
        "Content-Security-Policy": content_policy(settings),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self)",
    }
    if settings.public_url.startswith("https://"):
        fixed["Strict-Transport-Security"] = HSTS

    async def add(message: Message, _: Scope) -> None:
        if message["type"] == "http.response.start":
            headers = MutableScopeHeaders.from_message(message)
            for name, value in fixed.items():
                headers.setdefault(name, value)

    return add


def content_policy(settings: Settings) -> str:
    """Own files only, but for the media server (its web socket, and HTTP when that fails) and the object store."""
    media = {origin(settings.livekit_url, "ws"), origin(settings.livekit_url, "http")}
    store = {origin(settings.s3_endpoint, "http")} if settings.s3_endpoint else set()
    connect = " ".join(sorted(media | store))
    stored = " ".join(sorted(store))
    return "; ".join(
        [
            "default-src 'self'",
            f"connect-src 'self' {connect}",
            f"media-src 'self' blob: {stored}".rstrip(),
            f"img-src 'self' data: blob: {stored}".rstrip(),
            "worker-src 'self' blob:",
            # Component libraries set sizes and positions as inline styles.
            "style-src 'self' 'unsafe-inline'",
            "font-src 'self' data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def origin(url: str, family: str) -> str:
    """`wss://host:1/path` as family http is `https://host:1`."""
    parts = urlsplit(url)
    secure = "s" if parts.scheme in {"wss", "https"} else ""
    return f"{family}{secure}://{parts.netloc}"
