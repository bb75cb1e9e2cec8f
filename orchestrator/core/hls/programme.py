"""The programme's recording as it is read: the playlists of all egresses that carried it, as one (ADR 0029)."""

import posixpath
import re

from orchestrator.core.hls.playlist import below, continued
from orchestrator.core.hls.window import newest
from orchestrator.core.storage import Storage
from schema.errors import NotFound

PLAYLIST = "index.m3u8"
# The name under which its newest part is read while it grows.
LIVE = "live.m3u8"
LIVE_S = 60.0
FIRST = re.compile(rf"(?P<programme>.+/programme)/(?P<attempt>\d+)/{re.escape(PLAYLIST)}")


async def read_playlist(storage: Storage, key: str) -> str:
    """That of the recording which began at `key`: names are relative to it. Raises NotFound, StorageUnavailable.

    A dead worker's last segments may come hours later, when its machine is back; they are in their place from then on.
    """
    whole = (await storage.get(key)).decode()
    if found := FIRST.fullmatch(key):
        for attempt in await _later(storage, found["programme"], int(found["attempt"])):
            whole = continued(whole, await _part(storage, found["programme"], attempt))
    return whole


async def read_live(storage: Storage, key: str) -> str:
    """The last minute behind a `live_key`. Raises NotFound, StorageUnavailable."""
    return newest(await read_playlist(storage, recording_key(key)), LIVE_S)


def live_key(playlist: str) -> str:
    """Under which a recording is watched while it grows."""
    return f"{playlist.rpartition('/')[0]}/{LIVE}"


def is_live(key: str) -> bool:
    return key.endswith(f"/{LIVE}")


def recording_key(key: str) -> str:
    """The playlist of the recording that is read under a key: its own, or a `live_key`."""
    return f"{key.rpartition('/')[0]}/{PLAYLIST}" if is_live(key) else key


def key_of(folder: str, name: str) -> str:
    """The object that a playlist in `folder` names."""
    return posixpath.normpath(f"{folder}/{name}")


async def _later(storage: Storage, programme: str, first: int) -> list[int]:
    attempts = (folder.rpartition("/")[2] for folder in await storage.folders(programme))
    return sorted(int(name) for name in attempts if name.isdecimal() and int(name) > first)


async def _part(storage: Storage, programme: str, attempt: int) -> str:
    """Empty as long as the attempt has nothing to show."""
    try:
        text = (await storage.get(f"{programme}/{attempt}/{PLAYLIST}")).decode()
    except NotFound:
        return ""
    return below(text, f"../{attempt}/")
