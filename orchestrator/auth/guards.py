"""The one guard of all routes: reads the access table, finds out who asks, and refuses the rest."""

import hmac
from collections.abc import Mapping
from typing import Any

import structlog
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from orchestrator.auth.access import ACCESS, Rule, for_people_only
from orchestrator.auth.domain import Principal
from orchestrator.auth.keys.domain import is_key
from orchestrator.auth.keys.service import Keys
from orchestrator.auth.service import Accounts
from orchestrator.auth.signin.browser import bearer_of, check_own_page, settings_of, token_of
from orchestrator.http.problems import AnyRequest
from schema.errors import Forbidden, NotFound, NotSignedIn

log = structlog.get_logger(__name__)

CLOSED = Rule(frozenset())
# A guest's world is one session: what is in it, and their own sign-in.
GUEST_SCOPES = frozenset({"session", "message", "question", "poll", "scene", "asset", "board"})
GUEST_ROUTES = frozenset({"GET /api/auth/me", "POST /api/auth/logout"})
# Things of the whole tenant, not of a course: the role must be held in all of it.
TENANT_WIDE = frozenset({"tenant", "user"})


async def access_guard(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Sets the request's user to its Principal. Raises NotSignedIn, Forbidden, TooManyAttempts."""
    if not isinstance(connection, Request):
        raise Forbidden("There are no web sockets here.")
    check_own_page(connection)
    route = f"{connection.method} {connection.scope['path_template']}"
    rule = ACCESS.get(route, CLOSED)
    if rule.who == "public":
        return
    if rule.who == "internal":
        _check_internal(connection)
        return
    principal = await _principal(connection)
    if not allows(rule, principal) or (principal.api_key_id and for_people_only(route)):
        log.info("denied", route=route, user_id=str(principal.user_id))
        raise Forbidden("Your role does not allow this.")
    check_guest(route, rule, principal, connection.path_params)
    connection.scope["user"] = principal


def check_guest(route: str, rule: Rule, principal: Principal, path: Mapping[str, Any]) -> None:
    """Raises Forbidden, and NotFound for another session than the guest's."""
    if not principal.user.guest:
        return
    if rule.scope not in GUEST_SCOPES and route not in GUEST_ROUTES:
        raise Forbidden("Guests may not do this.")
    mine = {str(grant.scope_id) for grant in principal.roles}
    if str(path.get("session_id", next(iter(mine), ""))) not in mine:
        raise NotFound("There is no such session.")


def allows(rule: Rule, principal: Principal) -> bool:
    if isinstance(rule.who, str):
        return rule.who == "signed_in"
    return principal.holds(rule.who, tenant_wide=rule.scope in TENANT_WIDE)


async def provide_principal(request: AnyRequest) -> Principal:
    """The dependency `principal`: who was let in."""
    principal: Principal = request.user
    return principal


async def _principal(connection: AnyRequest) -> Principal:
    token = token_of(connection)
    if token is None:
        raise NotSignedIn("Sign in first.")
    if is_key(token):
        keys: Keys = connection.app.state.api_keys
        return await keys.principal(token)
    accounts: Accounts = connection.app.state.accounts
    return await accounts.principal(token)


def _check_internal(connection: AnyRequest) -> None:
    expected = settings_of(connection).internal_token.reveal()
    given = bearer_of(connection) or ""
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise NotSignedIn("This address is for Lectern's own programs.")
