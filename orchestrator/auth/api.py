"""/api/auth: sign in and out, passwords, and who I am."""

from litestar import Controller, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import JSONBody

from orchestrator.auth.domain import Principal
from orchestrator.auth.oidc.service import SignInElsewhere
from orchestrator.auth.service import Accounts, Visit
from orchestrator.auth.signin.browser import (
    DEVICE,
    SESSION,
    address_of,
    cookie,
    cookie_of,
    token_of,
)
from orchestrator.auth.signin.signed import DEVICE_LIFETIME, Devices
from orchestrator.auth.users.links import Links
from orchestrator.core.guard.limits import Limit, Limiter
from orchestrator.http.problems import AnyRequest
from orchestrator.settings import Settings
from schema.auth import (
    ChangePassword,
    Login,
    LoginReply,
    Me,
    ProviderMethod,
    SetPassword,
    SignInMethods,
)

# Each makes a hash, whoever asks.
LINKS_PER_ADDRESS = Limit(30, 300)


class AuthController(Controller):
    path = "/api/auth"
    tags = ("auth",)

    @get("/methods", sync_to_thread=False)
    def sign_in_methods(self, elsewhere: NamedDependency[SignInElsewhere]) -> SignInMethods:
        """What the login page offers."""
        provider = elsewhere.provider
        if provider is None:
            return SignInMethods(provider=None)
        return SignInMethods(
            provider=ProviderMethod(name=provider.name, missing=list(provider.missing))
        )

    @post("/login", status_code=200)
    async def login(
        self,
        data: JSONBody[Login],
        request: AnyRequest,
        accounts: NamedDependency[Accounts],
        devices: NamedDependency[Devices],
        settings: NamedDependency[Settings],
    ) -> Response[LoginReply]:
        """The token comes in the body for programs and as an HttpOnly cookie for browsers; an old token sent along ends."""
        reply = await accounts.login(data, visit_of(request))
        device = devices.remember(reply.user.id)
        known = cookie(settings, DEVICE, device, int(DEVICE_LIFETIME.total_seconds()))
        return Response(reply, cookies=[signed_in(settings, reply), known])

    @post("/logout", status_code=204)
    async def logout(
        self,
        request: AnyRequest,
        accounts: NamedDependency[Accounts],
        settings: NamedDependency[Settings],
    ) -> Response[None]:
        await accounts.logout(token_of(request))
        return Response(None, cookies=[cookie(settings, SESSION, "", 0)])

    @post("/logout-everywhere", status_code=204)
    async def logout_everywhere(
        self,
        principal: NamedDependency[Principal],
        accounts: NamedDependency[Accounts],
        settings: NamedDependency[Settings],
    ) -> Response[None]:
        """Ends all your sign-ins on all devices, this one too; API keys stay."""
        await accounts.logout_everywhere(principal)
        return Response(None, cookies=[cookie(settings, SESSION, "", 0)])

    @post("/password", status_code=200)
    async def change_password(
        self,
        data: JSONBody[ChangePassword],
        request: AnyRequest,
        principal: NamedDependency[Principal],
        accounts: NamedDependency[Accounts],
        settings: NamedDependency[Settings],
    ) -> Response[LoginReply]:
        """Ends all your sign-ins and opens a new one here."""
        reply = await accounts.change_password(principal, data, visit_of(request))
        return Response(reply, cookies=[signed_in(settings, reply)])

    @post("/password/set", status_code=204)
    async def set_password(
        self,
        data: JSONBody[SetPassword],
        request: AnyRequest,
        links: NamedDependency[Links],
        limiter: NamedDependency[Limiter],
    ) -> None:
        """With the token of a one-time link, from an admin."""
        await limiter.spend("password-link", address_of(request), LINKS_PER_ADDRESS)
        await links.use(data)

    @get("/me")
    async def me(self, principal: NamedDependency[Principal]) -> Me:
        return Me(user=principal.user, roles=list(principal.roles))


def visit_of(request: AnyRequest) -> Visit:
    return Visit(address_of(request), cookie_of(request, DEVICE), token_of(request))


def signed_in(settings: Settings, reply: LoginReply) -> Cookie:
    return cookie(settings, SESSION, reply.token, settings.session_max_s)
