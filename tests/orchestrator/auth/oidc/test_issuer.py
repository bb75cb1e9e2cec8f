"""Which issuer the settings choose, and how its keys are kept."""

import base64
from typing import Any

import pytest

from orchestrator.auth.oidc.issuer import KEYS_TTL_S, REFETCH_S, Issuer
from orchestrator.auth.oidc.provider import Provider, provider_of
from orchestrator.settings import Secret, Settings, SettingsError
from tests.fakes.oidc import CLIENT_ID, CLIENT_SECRET, fake_issuer
from tests.support.school import Caller


def clerk(host: str) -> dict[str, Any]:
    key = "pk_test_" + base64.b64encode(f"{host}$".encode()).decode().rstrip("=")
    return {"next_public_clerk_publishable_key": key, "clerk_secret_key": Secret("sk_test_x")}


def test_clerk_is_the_issuer_when_both_its_variables_are_set() -> None:
    settings = Settings(**clerk("wise-owl-1.clerk.accounts.dev"), oidc_issuer="https://other.test")
    provider = provider_of(settings)
    assert provider is not None
    assert (provider.issuer, provider.name) == ("https://wise-owl-1.clerk.accounts.dev", "Clerk")
    assert provider.missing == ("LECTERN_OIDC_CLIENT_ID", "LECTERN_OIDC_CLIENT_SECRET")
    only_one = clerk("wise-owl-1.clerk.accounts.dev") | {"clerk_secret_key": Secret("")}
    assert provider_of(Settings(**only_one)) is None


@pytest.mark.parametrize("key", ["nonsense", "pk_test_!!!", "pk_test_", "pk_test_ZXZpbC9wYXRoJA"])
def test_what_is_no_publishable_key_is_said_at_start(key: str) -> None:
    settings = Settings(next_public_clerk_publishable_key=key, clerk_secret_key=Secret("x"))
    with pytest.raises(SettingsError):
        provider_of(settings)


@pytest.mark.parametrize(
    ("issuer", "mode", "allowed"),
    [
        ("https://login.school.test", "production", True),
        ("http://login.school.test", "embedded", False),
        ("http://127.0.0.1:9000", "embedded", True),
        ("http://127.0.0.1:9000", "production", False),
        ("ftp://127.0.0.1", "embedded", False),
        ("login.school.test", "embedded", False),
    ],
)
def test_an_issuer_is_reached_by_https(issuer: str, mode: Any, allowed: bool) -> None:
    settings = Settings(mode=mode, oidc_issuer=issuer)
    if allowed:
        assert provider_of(settings) is not None
    else:
        with pytest.raises(SettingsError):
            provider_of(settings)


async def test_keys_are_fetched_anew_when_unknown_but_not_at_every_invention() -> None:
    now = 0.0
    async with fake_issuer("http://127.0.0.1/back") as fake:
        provider = Provider(fake.url, CLIENT_ID, Secret(CLIENT_SECRET), "Fake", fake.redirect_uri)
        issuer = Issuer(provider, lambda _: None, lambda: now)
        assert await issuer.key(fake.key.id) is not None
        assert await issuer.key(fake.key.id) is not None
        assert fake.key_requests == 1
        fake.rotate()
        assert await issuer.key(fake.key.id) is None
        now += REFETCH_S
        assert await issuer.key(fake.key.id) is not None
        assert await issuer.key(None) is not None
        assert fake.key_requests == 2
        now += KEYS_TTL_S
        assert await issuer.key(fake.key.id) is not None
        assert fake.key_requests == 3
        await issuer.close()


async def test_without_an_issuer_the_login_page_offers_none(caller: Caller) -> None:
    assert (await caller.http.get("/api/auth/methods")).json() == {"provider": None}
    departure = await caller.http.get("/api/auth/oidc/start")
    assert departure.headers["location"] == "/login?problem=not_found"
