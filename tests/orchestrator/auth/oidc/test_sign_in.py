"""Signing in at another issuer, against a strict one of our own that can also lie."""

import base64
import hmac
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
import sqlalchemy as sa
from litestar import Litestar

from orchestrator.app import create_app
from orchestrator.auth.tables import user_identities, users
from orchestrator.core.database import Database
from orchestrator.settings import Secret, Settings
from tests.fakes.oidc import CLIENT_ID, CLIENT_SECRET, FakeIssuer, b64, fake_issuer
from tests.support.school import Caller, School, calling
from tests.support.signing_in import browser_at

START, CALLBACK = "/api/auth/oidc/start", "/api/auth/oidc/callback"


@pytest.fixture
async def issuer(settings: Settings) -> AsyncIterator[FakeIssuer]:
    async with fake_issuer(settings.public_url + CALLBACK) as issuer:
        yield issuer


@pytest.fixture
def chosen(settings: Settings, school: School, issuer: FakeIssuer) -> Settings:
    return msgspec.structs.replace(
        settings,
        oidc_issuer=issuer.url,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=Secret(CLIENT_SECRET),
        oidc_tenant_id=str(school.tenant_id),
    )


@pytest.fixture
def app(chosen: Settings, database: Database) -> Litestar:
    return create_app(chosen)


@pytest.fixture
async def browser(app: Litestar, caller: Caller) -> AsyncIterator[httpx.AsyncClient]:
    async with browser_at(app, "198.51.100.7") as browser:
        yield browser


async def leave(browser: httpx.AsyncClient, **query: str) -> str:
    """Where the issuer sends the browser back to."""
    departure = await browser.get(START, params=query)
    assert departure.status_code == 303, departure.text
    async with httpx.AsyncClient() as outside:
        answer = await outside.get(departure.headers["location"])
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"])


async def arrive(browser: httpx.AsyncClient, back: str) -> str:
    """The page on which the browser ends up."""
    return str((await browser.get(back)).headers["location"])


async def sign_in(browser: httpx.AsyncClient) -> str:
    return await arrive(browser, await leave(browser))


async def me(browser: httpx.AsyncClient) -> dict[str, Any]:
    reply = await browser.get("/api/auth/me")
    found: dict[str, Any] = reply.json()
    return found if reply.status_code == 200 else {}


async def name_of(database: Database, school: School, email: str) -> None:
    async with database.system_transaction() as tx:
        await tx.execute(
            sa.update(users).where(users.c.id == school.teacher.user_id).values(email=email)
        )


async def test_a_verified_address_opens_the_account_that_is_there(
    browser: httpx.AsyncClient, issuer: FakeIssuer, school: School, database: Database
) -> None:
    await name_of(database, school, "emma@school.test")
    issuer.person["email"] = "Emma@School.test"
    back = await leave(browser, next="/sessions/1/room?x=1")
    assert await arrive(browser, back) == "/sessions/1/room?x=1"
    seen = await me(browser)
    assert seen["user"]["id"] == str(school.teacher.user_id)
    assert [role["name"] for role in seen["roles"]] == ["teacher"]
    # From now on the subject counts, whatever the address becomes.
    issuer.person |= {"email": "married@school.test", "email_verified": False}
    browser.cookies.clear()
    assert await sign_in(browser) == "/dashboard"
    assert (await me(browser))["user"]["id"] == str(school.teacher.user_id)


@pytest.mark.parametrize("role", ["", "student"])
async def test_who_is_new_gets_an_account_and_the_role_of_the_settings(
    chosen: Settings, issuer: FakeIssuer, database: Database, role: Any
) -> None:
    issuer.person["email"] = "harriet@school.test"
    app = create_app(msgspec.structs.replace(chosen, oidc_default_role=role))
    async with calling(app), browser_at(app, "198.51.100.7") as browser:
        assert await sign_in(browser) == "/dashboard"
        seen = await me(browser)
    assert seen["user"]["email"] == "harriet@school.test"
    assert [held["name"] for held in seen["roles"]] == ([role] if role else [])


def shifted(issuer: FakeIssuer, **changes: Any) -> Callable[[dict[str, Any]], str]:
    return lambda claims: issuer.signed({**claims, **changes})


def without(issuer: FakeIssuer, name: str) -> Callable[[dict[str, Any]], str]:
    return lambda claims: issuer.signed({k: v for k, v in claims.items() if k != name})


def unsigned(claims: dict[str, Any]) -> str:
    head = json.dumps({"alg": "none"}).encode()
    return f"{b64(head)}.{b64(json.dumps(claims).encode())}."


def keyed_with_the_public_key(issuer: FakeIssuer) -> Callable[[dict[str, Any]], str]:
    """The old confusion: HMAC with the modulus that everybody can read."""

    def forge(claims: dict[str, Any]) -> str:
        head = json.dumps({"alg": "HS256", "kid": issuer.key.id}).encode()
        text = f"{b64(head)}.{b64(json.dumps(claims).encode())}"
        modulus = base64.urlsafe_b64decode(issuer.key.public["n"] + "==")
        return f"{text}.{b64(hmac.digest(modulus, text.encode(), 'sha256'))}"

    return forge


LIES: dict[str, Callable[[FakeIssuer], Callable[[dict[str, Any]], str]]] = {
    "wrong nonce": lambda issuer: shifted(issuer, nonce="another"),
    "no nonce": lambda issuer: without(issuer, "nonce"),
    "wrong audience": lambda issuer: shifted(issuer, aud="another client"),
    "audiences without azp": lambda issuer: shifted(issuer, aud=[CLIENT_ID, "another"]),
    "azp of another": lambda issuer: shifted(issuer, azp="another"),
    "expired": lambda issuer: shifted(issuer, exp=1_700_000_000),
    "no end": lambda issuer: without(issuer, "exp"),
    "from the future": lambda issuer: shifted(issuer, iat=4_000_000_000),
    "another issuer": lambda issuer: shifted(issuer, iss="https://evil.example"),
    "no subject": lambda issuer: without(issuer, "sub"),
    "alg none": lambda _: unsigned,
    "public key as a secret": keyed_with_the_public_key,
    "unknown key": lambda issuer: lambda claims: issuer.signed(claims, kid="unknown"),
    "broken signature": lambda issuer: lambda claims: issuer.signed(claims)[:-8] + "AAAAAAAA",
    "no token": lambda _: lambda claims: "nonsense",
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_token_that_is_not_for_this_sign_in_opens_nothing(
    browser: httpx.AsyncClient, issuer: FakeIssuer, database: Database, lie: str
) -> None:
    issuer.person["email"] = "emma@school.test"
    issuer.forge = LIES[lie](issuer)
    assert await sign_in(browser) == "/login?problem=identity_refused"
    assert await me(browser) == {}
    async with database.system_transaction() as tx:
        assert await tx.scalar(sa.select(sa.func.count()).select_from(user_identities)) == 0


async def test_a_code_is_used_once(browser: httpx.AsyncClient, issuer: FakeIssuer) -> None:
    issuer.person["email"] = "emma@school.test"
    back = await leave(browser)
    kept = dict(browser.cookies)
    assert await arrive(browser, back) == "/dashboard"
    browser.cookies.clear()
    browser.cookies.update(kept)
    assert await arrive(browser, back) == "/login?problem=too_many_attempts"
    assert await me(browser) == {}


async def test_another_browsers_sign_in_cannot_be_planted(
    browser: httpx.AsyncClient, app: Litestar, issuer: FakeIssuer
) -> None:
    issuer.person["email"] = "attacker@school.test"
    async with browser_at(app, "203.0.113.9") as attacker:
        planted = await leave(attacker)
    assert await arrive(browser, planted) == "/login?problem=identity_refused"
    await leave(browser)
    assert await arrive(browser, planted) == "/login?problem=identity_refused"
    assert await me(browser) == {}


async def test_an_answer_of_another_issuer_is_refused(
    browser: httpx.AsyncClient, issuer: FakeIssuer
) -> None:
    issuer.answer_as = "https://evil.example"
    assert await sign_in(browser) == "/login?problem=identity_refused"


async def test_a_discovery_document_that_speaks_of_another_issuer_is_not_used(
    browser: httpx.AsyncClient, issuer: FakeIssuer
) -> None:
    issuer.claimed_issuer = "https://evil.example"
    departure = await browser.get(START)
    assert departure.headers["location"] == "/login?problem=identity_unavailable"


async def test_an_address_that_is_not_verified_opens_no_account(
    browser: httpx.AsyncClient, issuer: FakeIssuer, school: School, database: Database
) -> None:
    await name_of(database, school, "emma@school.test")
    for unverified in (False, "true", None):
        issuer.person |= {"email": "emma@school.test", "email_verified": unverified}
        assert await sign_in(browser) == "/login?problem=identity_unknown"
    assert await me(browser) == {}


async def test_two_people_of_an_issuer_never_share_an_account(
    browser: httpx.AsyncClient, issuer: FakeIssuer
) -> None:
    issuer.person["email"] = "emma@school.test"
    assert await sign_in(browser) == "/dashboard"
    issuer.person["sub"] = "who-has-her-address-now"
    browser.cookies.clear()
    assert await sign_in(browser) == "/login?problem=identity_unknown"


async def test_another_tenants_account_is_not_opened(
    browser: httpx.AsyncClient, issuer: FakeIssuer, other_school: School, database: Database
) -> None:
    await name_of(database, other_school, "emma@school.test")
    issuer.person["email"] = "emma@school.test"
    assert await sign_in(browser) == "/login?problem=identity_unknown"


async def test_changed_keys_are_found_and_invented_ones_not_asked_for_again_and_again(
    browser: httpx.AsyncClient, issuer: FakeIssuer
) -> None:
    issuer.person["email"] = "emma@school.test"
    issuer.forge = lambda claims: issuer.signed(claims, kid="invented")
    for _ in range(3):
        assert await sign_in(browser) == "/login?problem=identity_refused"
    assert issuer.key_requests == 1


async def test_next_leads_nowhere_else(browser: httpx.AsyncClient, issuer: FakeIssuer) -> None:
    issuer.person["email"] = "emma@school.test"
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example", "x"):
        assert await arrive(browser, await leave(browser, next=elsewhere)) == "/dashboard"


async def test_the_browser_is_sent_with_fresh_secrets_each_time(
    browser: httpx.AsyncClient, issuer: FakeIssuer
) -> None:
    sent = []
    for _ in range(2):
        departure = await browser.get(START)
        sent.append(parse_qs(urlsplit(departure.headers["location"]).query))
        assert CLIENT_SECRET not in departure.headers["location"]
    for name in ("state", "nonce", "code_challenge"):
        assert sent[0][name] != sent[1][name]
