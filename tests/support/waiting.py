"""Waiting for what comes by itself, and no longer than a test may take."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(ask: Callable[[], Awaitable[T]], within_s: float = 10) -> T:
    """The first answer that is true; raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while not (answer := await ask()):  # noqa: ASYNC110 what is asked has no event to wait for
            await asyncio.sleep(0.05)
        return answer


def wait_until_open(port: int) -> None:
    for _ in range(200):
        with (
            contextlib.suppress(ConnectionRefusedError),
            socket.create_connection(("127.0.0.1", port)),
        ):
            return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on {port}")
