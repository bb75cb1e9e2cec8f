"""No other site's page can make a browser write here: on no route at all."""

import pytest
from litestar import Litestar

from tests.orchestrator.auth.routes import concrete, routes
from tests.support.school import Caller
from tests.support.signing_in import Account, browser_at, sign_in

WRITES = {"POST", "PUT", "PATCH", "DELETE"}
EVIL = [
    {},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://127.0.0.1:5001"},
    # A form of another site can send this type without asking first.
    {"Origin": "https://evil.example", "Content-Type": "text/plain"},
]


@pytest.mark.parametrize("headers", EVIL, ids=str)
async def test_every_write_is_refused_to_other_sites(
    caller: Caller, app: Litestar, account: Account, headers: dict[str, str]
) -> None:
    await sign_in(caller.http, account)
    writes = [name for name, _ in routes(app) if name.split()[0] in WRITES]
    assert len(writes) > 20
    for route in writes:
        method, path = concrete(route)
        reply = await caller.http.request(
            method, path, content=b"{}", headers={"Idempotency-Key": "k1", **headers}
        )
        assert (reply.status_code, reply.json()["code"]) == (403, "forbidden"), route
    assert (await caller.http.get("/api/auth/me")).status_code == 200


async def test_nobody_is_signed_in_to_an_account_of_another_sites_choice(
    app: Litestar, caller: Caller, account: Account
) -> None:
    """Also without any cookie yet; programs, which name no origin, may."""
    async with browser_at(app, "198.51.100.7") as browser:
        browser.headers["Origin"] = "https://evil.example"
        assert (await sign_in(browser, account)).status_code == 403
        del browser.headers["Origin"]
        assert (await sign_in(browser, account)).status_code == 200


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://127.0.0.1:5000"}], ids=str
)
async def test_our_own_page_may_write(
    caller: Caller, account: Account, headers: dict[str, str]
) -> None:
    await sign_in(caller.http, account)
    reply = await caller.http.post(
        "/api/courses", json={"title": "Poems"}, headers={**headers, "Idempotency-Key": "k1"}
    )
    assert reply.status_code == 201
