"""/api/auth/oidc: the two addresses that a browser visits when it signs in at another issuer."""

import re
from typing import Annotated
from urllib.parse import urlencode

from litestar import Controller, get
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect

from orchestrator.auth.oidc.service import LIFETIME, Arrival, SignInElsewhere
from orchestrator.auth.service import Visit
from orchestrator.auth.signin.browser import (
    DEVICE,
    SESSION,
    address_of,
    cookie,
    cookie_of,
    token_of,
)
from orchestrator.core.guard.limits import Limit, Limiter
from orchestrator.http.problems import AnyRequest
from orchestrator.settings import Settings
from schema.errors import DomainError

STATE = "lectern-oidc"
# A path of this site and nothing that a browser takes for another one's.
OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f]*")
HOME = "/dashboard"
# A whole school may sign in from behind one address in the minute before class.
STARTS_PER_ADDRESS = Limit(300, 60)

Text = Annotated[str | None, QueryParameter(max_length=4096)]


class OidcController(Controller):
    path = "/api/auth/oidc"
    tags = ("auth",)

    @get("/start", status_code=303)
    async def start_oidc(
        self,
        settings: NamedDependency[Settings],
        elsewhere: NamedDependency[SignInElsewhere],
        limiter: NamedDependency[Limiter],
        request: AnyRequest,
        next_path: Annotated[str, QueryParameter(name="next", max_length=2048)] = HOME,
    ) -> Redirect:
        """To the issuer. `next` is the page to go on to afterwards."""
        own = next_path if OWN_PATH.fullmatch(next_path) else HOME
        try:
            await limiter.spend("oidc-start", address_of(request), STARTS_PER_ADDRESS)
            departure = await elsewhere.depart(own)
        except DomainError as refusal:
            return _back_to_login(refusal)
        kept = cookie(settings, STATE, departure.cookie, int(LIFETIME.total_seconds()))
        return Redirect(departure.url, status_code=303, cookies=[kept])

    @get("/callback", status_code=303)
    async def finish_oidc(
        self,
        request: AnyRequest,
        settings: NamedDependency[Settings],
        elsewhere: NamedDependency[SignInElsewhere],
        code: Text = None,
        answered_state: Annotated[str | None, QueryParameter(name="state", max_length=512)] = None,
        error: Text = None,
        iss: Text = None,
    ) -> Redirect:
        """From the issuer. Signs in, or goes back to the login page with `?problem=` and the refusal's code."""
        arrival = Arrival(code, answered_state, error, iss)
        visit = Visit(address_of(request), cookie_of(request, DEVICE), token_of(request))
        over = cookie(settings, STATE, "", 0)
        try:
            reply, next_path = await elsewhere.arrive(arrival, cookie_of(request, STATE), visit)
        except DomainError as refusal:
            return _back_to_login(refusal, over)
        signed_in = cookie(settings, SESSION, reply.token, settings.session_max_s)
        return Redirect(next_path, status_code=303, cookies=[over, signed_in])


def _back_to_login(refusal: DomainError, *cookies: Cookie) -> Redirect:
    query = urlencode({"problem": refusal.code})
    return Redirect(f"/login?{query}", status_code=303, cookies=list(cookies))
