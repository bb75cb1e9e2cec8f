"""An uploaded file becomes pages in a child process with limits; here is who starts it and waits."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path

import msgspec
import structlog

from schema.errors import InvalidField
from schema.studio import PageSize

log = structlog.get_logger(__name__)

CHILD = Path(__file__).with_name("pages_child.py")
LIMIT_S = 90.0
# One core stays for the class that is on air.
AT_ONCE = 2
FIELD = "file"
TOO_MUCH = (
    "This file is too complicated to be made into slides; export it again with simpler pages."
)


class Said(msgspec.Struct, frozen=True, rename="camel"):
    """One line of the child: `page` with its size, `refused` with the reason, or `finished`."""

    event: str
    width_px: int = 0
    height_px: int = 0
    reason: str = TOO_MUCH


class Converter:
    """Two files at once; the others wait their turn."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def convert(self, source: Path, folder: Path) -> list[PageSize]:
        """Writes `0001.webp`, `0001.small.webp`, ... into `folder`. Raises InvalidField for what can't be a page."""
        async with self._turn:
            return await self._convert(source, folder)

    async def _convert(self, source: Path, folder: Path) -> list[PageSize]:
        # No environment: the child reads what strangers send, and ours holds secrets.
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-I", CHILD, source, folder, stdout=PIPE, stderr=DEVNULL, env={}
        )
        try:
            async with asyncio.timeout(self._limit_s):
                return await _listen(child)
        except TimeoutError:
            raise InvalidField(FIELD, TOO_MUCH) from None
        finally:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()


async def _listen(child: Process) -> list[PageSize]:
    if child.stdout is None:
        raise RuntimeError("the child has no pipe")
    pages: list[PageSize] = []
    async for line in child.stdout:
        said = msgspec.json.decode(line, type=Said)
        match said.event:
            case "page":
                pages.append(PageSize(width_px=said.width_px, height_px=said.height_px))
            case "refused":
                raise InvalidField(FIELD, said.reason)
            case _:
                return pages
    # Its limits ended it, or a decoder crashed.
    log.warning("an upload broke its reader", returncode=await child.wait())
    raise InvalidField(FIELD, TOO_MUCH)
