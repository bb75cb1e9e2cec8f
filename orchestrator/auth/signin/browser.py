"""What a request tells of the browser it comes from: its cookies, its address, and whether our own page made it."""

from urllib.parse import urlsplit

import structlog
from litestar.datastructures import Cookie

from orchestrator.http.problems import AnyRequest
from orchestrator.settings import Settings
from schema.errors import Forbidden

log = structlog.get_logger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SESSION = "lectern"
DEVICE = "lectern-device"


def cookie_name(settings: Settings, name: str = SESSION) -> str:
    """Browsers keep a `__Host-` cookie only from HTTPS; on plain HTTP the prefix would lose it."""
    return f"__Host-{name}" if settings.public_url.startswith("https://") else name


def cookie(settings: Settings, name: str, value: str, max_age_s: int) -> Cookie:
    return Cookie(
        key=cookie_name(settings, name),
        value=value,
        max_age=max_age_s,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.public_url.startswith("https://"),
    )


def cookie_of(request: AnyRequest, name: str) -> str | None:
    return request.cookies.get(cookie_name(settings_of(request), name))


def bearer_of(request: AnyRequest) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def token_of(request: AnyRequest) -> str | None:
    """The bearer token, else the cookie's."""
    return bearer_of(request) or cookie_of(request, SESSION)


def address_of(request: AnyRequest) -> str:
    """The client's; behind trusted proxies the server has already put theirs there (orchestrator.__main__)."""
    return request.client.host if request.client else ""


def check_own_page(request: AnyRequest) -> None:
    """Raises Forbidden for a write that another site's page made a browser send; holds for every route.

    A bearer token needs no check, since only our own page and programs have it; nor does a request without any cookie
    that names no origin: no browser sends such a write.
    """
    if request.method in SAFE_METHODS or bearer_of(request) is not None:
        return
    if request.headers.get("sec-fetch-site") == "same-origin":
        return
    origin = request.headers.get("origin")
    if origin is None and "sec-fetch-site" not in request.headers and not request.cookies:
        return
    own = {urlsplit(settings_of(request).public_url).netloc, request.headers.get("host", "")}
    if not origin or urlsplit(origin).netloc not in own:
        log.info("cross-site request refused", origin=origin)
        raise Forbidden("This request did not come from Lectern's own page.")


def settings_of(request: AnyRequest) -> Settings:
    settings: Settings = request.app.state.settings
    return settings
