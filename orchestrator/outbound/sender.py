"""One signed POST to a receiver: pinned to the address that was checked, without redirects, and never longer than its deadline."""

import asyncio
import time
from datetime import datetime
from ipaddress import IPv6Address
from urllib.parse import urlsplit

import httpx2
import msgspec
from standardwebhooks.webhooks import Webhook

from orchestrator.core.guard.addresses import Resolver, resolve
from orchestrator.core.guard.trust import authorities
from orchestrator.outbound.domain import Answer
from orchestrator.settings import Secret
from schema.reach import IP, is_allowed

DEADLINE_S = 15.0
BLOCKED = "The host is in a private or reserved network."


class Message(msgspec.Struct, frozen=True):
    """`id` is the same at every try, so that a receiver can leave out what it has; `secrets` all sign, newest first."""

    id: str
    url: str
    body: bytes
    secrets: tuple[Secret, ...]


class Sent(msgspec.Struct, frozen=True):
    answer: Answer
    duration_ms: int


class Sender:
    """Loopback receivers only where `allow_loopback`."""

    def __init__(
        self, *, allow_loopback: bool, resolver: Resolver = resolve, deadline_s: float = DEADLINE_S
    ) -> None:
        self._allow_loopback = allow_loopback
        self._resolver = resolver
        self._deadline_s = deadline_s
        self._http = httpx2.AsyncClient(
            follow_redirects=False, trust_env=False, timeout=deadline_s, verify=authorities()
        )

    async def send(self, message: Message, now: datetime) -> Sent:
        """Never raises for what a receiver does."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._deadline_s):
                answer = await self._post(message, now)
        except TimeoutError:
            answer = Answer(None, "It did not answer in time.")
        except (OSError, httpx2.HTTPError, httpx2.InvalidURL) as error:
            answer = Answer(None, f"The connection failed ({type(error).__name__}).")
        return Sent(answer, round((time.monotonic() - began) * 1000))

    async def close(self) -> None:
        await self._http.aclose()

    async def _post(self, message: Message, now: datetime) -> Answer:
        parts = urlsplit(message.url)
        address = await self._address(parts.hostname or "")
        if address is None:
            return Answer(None, BLOCKED)
        # To the address that was checked, not to what the name means a moment later (DNS rebinding).
        host = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
        pinned = parts._replace(netloc=host if parts.port is None else f"{host}:{parts.port}")
        headers = {"host": parts.netloc, **signed(message, now)}
        extensions = {"sni_hostname": parts.hostname}
        async with self._http.stream(
            "POST", pinned.geturl(), content=message.body, headers=headers, extensions=extensions
        ) as reply:
            # The body is nobody's business and could be endless.
            return Answer(reply.status_code, _words(reply.status_code), _retry_after(reply))

    async def _address(self, host: str) -> IP | None:
        """None when ANY address of the name is not allowed. Raises OSError, TimeoutError."""
        found = await self._resolver(host)
        allowed = all(is_allowed(ip, allow_loopback=self._allow_loopback) for ip in found)
        return found[0] if found and allowed else None


def signed(message: Message, now: datetime) -> dict[str, str]:
    """The headers of the Standard Webhooks specification; one signature for each secret that still counts."""
    text = message.body.decode()
    signatures = [
        Webhook(secret.reveal()).sign(message.id, now, text) for secret in message.secrets
    ]
    return {
        "content-type": "application/json",
        "user-agent": "Lectern-Webhooks/1",
        "webhook-id": message.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _words(status: int) -> str | None:
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return "It redirected; give the final URL."
    return f"It answered {status}."


def _retry_after(reply: httpx2.Response) -> int | None:
    value = reply.headers.get("retry-after", "")
    return int(value) if value.isdigit() else None
