"""Programs beside a bench, spoken to in lines: a plan in, `ready` and figures out."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from orchestrator.cli.stack import binaries

READY_WITHIN_S = 90
LONGEST_LINE_BYTES = 2**24


class Helper:
    def __init__(self, writer: asyncio.StreamWriter, reader: asyncio.StreamReader) -> None:
        self._writer = writer
        self._reader = reader

    async def say(self, line: bytes) -> None:
        self._writer.write(line + b"\n")
        await self._writer.drain()

    async def line(self, within_s: float) -> bytes:
        """Raises TimeoutError; empty when the program has ended."""
        async with asyncio.timeout(within_s):
            return await self._reader.readline()

    async def ready(self) -> None:
        """Raises TimeoutError, RuntimeError."""
        if await self.line(READY_WITHIN_S) != b"ready\n":
            raise RuntimeError("a helper of the bench ended before it was ready")


@asynccontextmanager
async def helper(
    program: str | Path,
    log: Path,
    plan: msgspec.Struct | None = None,
    env: Mapping[str, str] | None = None,
) -> AsyncIterator[Helper]:
    """`program` is a Python module or an executable; `log` takes what it says on stderr."""
    with log.open("ab") as errors:
        process = await _started(program, errors, env)
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("a helper of the bench has no pipes")
    made = Helper(process.stdin, process.stdout)
    try:
        if plan is not None:
            await made.say(msgspec.json.encode(plan))
        yield made
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _started(
    program: str | Path, errors: BinaryIO, env: Mapping[str, str] | None
) -> asyncio.subprocess.Process:
    command = [program] if isinstance(program, Path) else [sys.executable, "-m", program]
    return await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=errors,
        limit=LONGEST_LINE_BYTES,
        cwd=binaries.ROOT,
        env=env,
    )
