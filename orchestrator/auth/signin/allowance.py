"""How often anybody may try a password. Nobody is ever locked out for good, and no flood of tries shuts others out:

what counts against an account counts only for the network it comes from, and a device that has signed in before is counted
apart from everybody else.
"""

from contextlib import suppress
from ipaddress import IPv6Address, IPv6Network, ip_address
from uuid import UUID

import msgspec

from orchestrator.core.guard.limits import Limit, Limiter
from schema.errors import TooManyAttempts

PER_ACCOUNT = Limit(10, 300)
# Failures over all accounts: a whole school may sign in from behind one address.
PER_ADDRESS = Limit(60, 300)
# What one subscriber gets of IPv6.
SUBSCRIBER_BITS = 64


class Attempt(msgspec.Struct, frozen=True):
    """`device` is the id of a device that signed in to this very account before."""

    account: str
    address: str
    device: UUID | None = None

    @property
    def network(self) -> str:
        return network_of(self.address)


class Allowance:
    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter

    async def take(self, attempt: Attempt) -> None:
        """Raises TooManyAttempts."""
        if attempt.device is None:
            await self._limiter.check("login-address", attempt.network, PER_ADDRESS)
        await self._limiter.spend(*_own(attempt), PER_ACCOUNT)

    async def failed(self, attempt: Attempt) -> None:
        if attempt.device is None:
            # Many at once may all have passed the check; the last of them fill the count no further.
            with suppress(TooManyAttempts):
                await self._limiter.spend("login-address", attempt.network, PER_ADDRESS)

    async def succeeded(self, attempt: Attempt) -> None:
        await self._limiter.forgive(*_own(attempt), PER_ACCOUNT)


def _own(attempt: Attempt) -> tuple[str, str]:
    if attempt.device is not None:
        return "login-device", str(attempt.device)
    return "login-account", f"{attempt.account} {attempt.network}"


def network_of(address: str) -> str:
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is None:
        return str(IPv6Network((ip, SUBSCRIBER_BITS), strict=False))
    return str(getattr(ip, "ipv4_mapped", None) or ip)
