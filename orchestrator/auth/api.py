"""/api/auth: sign in and out, and who I am."""

from litestar import Controller, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import JSONBody

from orchestrator.auth.domain import Principal
from orchestrator.auth.guards import cookie_name, token_of
from orchestrator.auth.service import SESSION_TTL, Accounts
from orchestrator.http.problems import AnyRequest
from orchestrator.settings import Settings
from schema.auth import Login, LoginReply, Me


class AuthController(Controller):
    path = "/api/auth"
    tags = ("auth",)

    @post("/login", status_code=200)
    async def login(
        self,
        data: JSONBody[Login],
        request: AnyRequest,
        accounts: NamedDependency[Accounts],
        settings: NamedDependency[Settings],
    ) -> Response[LoginReply]:
        """The token comes in the body for programs and as an HttpOnly cookie for browsers."""
        address = request.client.host if request.client else ""
        reply = await accounts.login(data, address)
        return Response(reply, cookies=[_cookie(settings, reply.token)])

    @post("/logout", status_code=204)
    async def logout(
        self,
        request: AnyRequest,
        accounts: NamedDependency[Accounts],
        settings: NamedDependency[Settings],
    ) -> Response[None]:
        await accounts.logout(token_of(request) or "")
        return Response(None, cookies=[_cookie(settings, "", max_age_s=0)])

    @get("/me")
    async def me(self, principal: NamedDependency[Principal]) -> Me:
        return Me(user=principal.user, roles=list(principal.roles))


def _cookie(
    settings: Settings, token: str, max_age_s: int = int(SESSION_TTL.total_seconds())
) -> Cookie:
    return Cookie(
        key=cookie_name(settings),
        value=token,
        max_age=max_age_s,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.public_url.startswith("https://"),
    )
