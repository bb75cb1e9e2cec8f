"""What a recorder left behind, by its death or because the store was away: brought to the store by the worker."""

import asyncio
import time
from contextlib import closing
from pathlib import Path

import msgspec
import structlog

from agents.egress.spool.folder import PLAYLIST, Put, SpoolFolder, left_behind
from agents.egress.spool.playlist import ended
from agents.media.segmenter import is_header
from agents.spool import SpoolInUse
from schema.errors import NotFound, StorageUnavailable

log = structlog.get_logger(__name__)

# Also how soon another worker on this machine takes over what a dead one was bringing.
EVERY_S = 10.0
# A recorder that died is followed by another within seconds, which goes on in its folder: until then nobody else may.
QUIET_S = 10.0


class Leftovers:
    """All spooled recordings below `root` that no process holds."""

    def __init__(self, root: Path, store: Put) -> None:
        """Raises OSError when recorders would have no place to write."""
        root.mkdir(parents=True, exist_ok=True)
        self._root = root
        self._put = store
        self._lock = asyncio.Lock()

    async def run(self) -> None:
        while True:
            await self.bring(QUIET_S)
            await asyncio.sleep(EVERY_S)

    async def bring_one(self, egress_id: str) -> None:
        """What this one left, now that nobody goes on with it."""
        await self._bring([path for path in left_behind(self._root) if path.name == egress_id])

    async def bring(self, quiet_s: float = 0.0) -> None:
        """Everything that nobody has touched for so long."""
        await self._bring([path for path in left_behind(self._root) if _quiet(path, quiet_s)])

    async def _bring(self, paths: list[Path]) -> None:
        """One round; what the store does not take is left for the next, what nobody can read or place for a person."""
        async with self._lock:
            for path in paths:
                try:
                    with closing(SpoolFolder(path)) as folder:
                        await self._bring_one(folder)
                except SpoolInUse:
                    continue
                except StorageUnavailable:
                    log.warning("leftovers_delayed", egress=path.name, retry_s=EVERY_S)
                    return
                except (OSError, msgspec.DecodeError, NotFound) as error:
                    log.error("leftovers_unreadable", egress=path.name, reason=str(error))  # noqa: TRY400 the reason says it all

    async def _bring_one(self, folder: SpoolFolder) -> None:
        """Segments first, then the playlist that names them; a repetition after a crash changes nothing."""
        waiting, hls = folder.segments(), folder.about.hls
        if folder.playlist() or not all(map(is_header, waiting)):
            text = ended(folder.playlist(), waiting, folder.about.segment_s)
            playlist = text.encode()
            # Kept first: once a segment is dropped here, nothing else would name it.
            folder.keep(PLAYLIST, playlist)
            for name in waiting:
                await self._put(hls.folder + name, folder.read(name))
                folder.drop(name)
            await self._put(hls.playlist, playlist)
        folder.remove()
        log.info("leftovers_stored", egress=folder.path.name, segments=len(waiting))


def _quiet(path: Path, quiet_s: float) -> bool:
    """Whether nobody has put anything there, or taken it away, for so long."""
    try:
        return time.time() - path.stat().st_mtime >= quiet_s
    except FileNotFoundError:
        return False
