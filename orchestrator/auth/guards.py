"""The one guard of all routes: reads the access table, finds out who asks, and refuses the rest."""

import hmac
from typing import Any
from urllib.parse import urlsplit

import structlog
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from orchestrator.auth.access import ACCESS, Rule
from orchestrator.auth.domain import Principal
from orchestrator.auth.service import Accounts
from orchestrator.http.problems import AnyRequest
from orchestrator.settings import Settings
from schema.errors import Forbidden, NotSignedIn

log = structlog.get_logger(__name__)

CLOSED = Rule(frozenset())
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def access_guard(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Sets the request's user to its Principal. Raises NotSignedIn, Forbidden."""
    if not isinstance(connection, Request):
        raise Forbidden("There are no web sockets here.")
    route = f"{connection.method} {connection.scope['path_template']}"
    rule = ACCESS.get(route, CLOSED)
    if rule.who == "public":
        return
    if rule.who == "internal":
        _check_internal(connection)
        return
    principal = await _principal(connection)
    if not principal.holds(rule.who, tenant_wide=rule.scope == "tenant"):
        log.info("denied", route=route, user_id=str(principal.user_id))
        raise Forbidden("Your role does not allow this.")
    connection.scope["user"] = principal


async def provide_principal(request: AnyRequest) -> Principal:
    """The dependency `principal`: who was let in."""
    principal: Principal = request.user
    return principal


def cookie_name(settings: Settings) -> str:
    """Browsers keep a `__Host-` cookie only from HTTPS; on plain HTTP the prefix would lose it."""
    return "__Host-lectern" if settings.public_url.startswith("https://") else "lectern"


def token_of(connection: AnyRequest) -> str | None:
    """The bearer token, else the cookie's."""
    return _bearer(connection) or connection.cookies.get(cookie_name(_settings(connection)))


async def _principal(connection: AnyRequest) -> Principal:
    token = token_of(connection)
    if token is None:
        raise NotSignedIn("Sign in first.")
    # A browser sends the cookie by itself, also for another site's form; a bearer token only our own page has.
    if _bearer(connection) is None and connection.method not in SAFE_METHODS:
        _check_origin(connection)
    accounts: Accounts = connection.app.state.accounts
    return await accounts.principal(token)


def _check_internal(connection: AnyRequest) -> None:
    expected = _settings(connection).internal_token.reveal()
    given = _bearer(connection) or ""
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise NotSignedIn("This address is for Lectern's own programs.")


def _check_origin(connection: AnyRequest) -> None:
    """Raises Forbidden unless the browser says that our own page made the request."""
    if connection.headers.get("sec-fetch-site") == "same-origin":
        return
    origin = connection.headers.get("origin", "")
    own = {urlsplit(_settings(connection).public_url).netloc, connection.headers.get("host", "")}
    if not origin or urlsplit(origin).netloc not in own:
        log.info("cross-site request refused", origin=origin)
        raise Forbidden("This request did not come from Lectern's own page.")


def _bearer(connection: AnyRequest) -> str | None:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _settings(connection: AnyRequest) -> Settings:
    settings: Settings = connection.app.state.settings
    return settings
