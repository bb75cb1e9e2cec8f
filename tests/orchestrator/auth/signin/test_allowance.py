"""Guessing is slowed down; nobody can use that to keep a teacher out."""

import asyncio
from uuid import uuid4

import pytest
from litestar import Litestar

from orchestrator.auth.passwords import MAX_WAITING, Passwords
from orchestrator.auth.signin.allowance import (
    PER_ACCOUNT,
    PER_ADDRESS,
    Allowance,
    Attempt,
    network_of,
)
from orchestrator.core.guard.limits import Limiter
from orchestrator.settings import Settings
from schema.errors import TooManyAttempts
from tests.support.school import Caller
from tests.support.signing_in import Account, browser_at, sign_in

ELSEWHERE = "203.0.113.9"


async def flood(app: Litestar, account: Account, address: str) -> None:
    async with browser_at(app, address) as attacker:
        answers = [
            (await sign_in(attacker, account, password="guess")).status_code
            for _ in range(PER_ACCOUNT.count + 1)
        ]
    assert answers == [401] * PER_ACCOUNT.count + [429]


async def test_guessing_is_slowed_down(caller: Caller, app: Litestar, account: Account) -> None:
    await flood(app, account, ELSEWHERE)
    async with browser_at(app, ELSEWHERE) as attacker:
        refused = await sign_in(attacker, account)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert 0 < int(refused.headers["Retry-After"]) <= PER_ACCOUNT.window_s


async def test_a_flood_from_elsewhere_does_not_keep_her_out(
    caller: Caller, app: Litestar, account: Account
) -> None:
    await flood(app, account, ELSEWHERE)
    async with browser_at(app, "198.51.100.7") as at_home:
        assert (await sign_in(at_home, account)).status_code == 200


async def test_a_flood_from_her_own_network_does_not_keep_her_device_out(
    caller: Caller, app: Litestar, account: Account
) -> None:
    """A student beside her, behind the same address, who knows hers."""
    async with browser_at(app, ELSEWHERE) as laptop:
        await sign_in(laptop, account)
        await flood(app, account, ELSEWHERE)
        assert (await sign_in(laptop, account)).status_code == 200
        laptop.cookies.set("lectern-device", "eyJhbGciOiJub25lIn0.e30.")
        assert (await sign_in(laptop, account)).status_code == 429


async def test_a_device_is_known_for_its_own_account_only(
    caller: Caller, app: Litestar, account: Account
) -> None:
    """Who has an account gains nothing against another's."""
    async with browser_at(app, ELSEWHERE) as attacker:
        await sign_in(attacker, account)
        for _ in range(PER_ACCOUNT.count):
            await sign_in(attacker, account, email="other@school.test")
        refused = await sign_in(attacker, account, email="other@school.test")
    assert refused.status_code == 429


async def test_an_address_that_tries_many_accounts_is_slowed_down(settings: Settings) -> None:
    limiter = Limiter(settings.redis_url)
    allowance, address = Allowance(limiter), str(uuid4())
    try:
        for number in range(PER_ADDRESS.count):
            await allowance.take(Attempt(f"user{number}", address))
            await allowance.failed(Attempt(f"user{number}", address))
        with pytest.raises(TooManyAttempts):
            await allowance.take(Attempt("another", address))
        await allowance.take(Attempt("another", str(uuid4())))
        # A school of 300 behind one address signs in at nine o'clock, from devices and accounts of its own.
        await allowance.take(Attempt("another", address, device=uuid4()))
    finally:
        await limiter.close()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_an_ipv6_subscriber_is_one_address(address: str, network: str) -> None:
    assert network_of(address) == network


async def test_strangers_queue_and_known_devices_pass_them() -> None:
    passwords = Passwords()
    stored = await passwords.hash("right")
    strangers = [asyncio.create_task(passwords.verify(None, "guess")) for _ in range(MAX_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyAttempts):
        await passwords.verify(None, "guess")
    assert await passwords.verify(stored, "right", known=True)
    assert sum(task.done() for task in strangers) < MAX_WAITING / 2
    for task in strangers:
        task.cancel()
    await asyncio.gather(*strangers, return_exceptions=True)
