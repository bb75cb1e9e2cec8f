"""Follows what the programme is to show: the room's metadata, and the pictures that it names."""

import asyncio
import io
from collections.abc import Awaitable, Callable

import av
import msgspec
import numpy as np
import structlog
from PIL import Image

from agents.media.picture.frame import I420
from agents.media.programme import Programme
from schema.errors import NotFound, StorageUnavailable
from schema.programme import Picture, Shown

log = structlog.get_logger(__name__)

Get = Callable[[str], Awaitable[bytes]]
"""An object of the store. Raises NotFound, StorageUnavailable."""
# A scene is not held up longer by a picture: it is shown without, and again once the picture is there.
PATIENCE_S = 0.15
RETRY_S = 1.0
# The slides around the shown one, and a logo.
KEPT = 8


class Stage:
    """`describe` takes each new metadata; the pictures are read and decoded off the programme's thread."""

    def __init__(self, programme: Programme, get: Get, retry_s: float = RETRY_S) -> None:
        self._programme = programme
        self._get = get
        self._retry_s = retry_s
        self._shown = Shown(sequence=-1)
        self._pictures: dict[str, Image.Image] = {}
        self._task: asyncio.Task[None] | None = None

    def describe(self, metadata: str) -> None:
        """What is no description, or an older one, changes nothing."""
        try:
            shown = msgspec.json.decode(metadata, type=Shown)
        except msgspec.DecodeError:
            log.warning("description_ignored")
            return
        if shown.sequence < self._shown.sequence:
            return
        self._shown = shown
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.create_task(self._present(shown))

    async def settled(self) -> None:
        """When what the room said at the join is on stage, so that the first frame shows it."""
        if self._task is not None:
            await asyncio.wait((self._task,))

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _present(self, shown: Shown) -> None:
        wanted = [one for one in (_slide(shown), shown.brand.logo) if one is not None]
        loading = asyncio.gather(*(self._load(one) for one in wanted))
        try:
            await asyncio.wait_for(asyncio.shield(loading), PATIENCE_S)
        except TimeoutError:
            await self._show(shown)
            await loading
        except asyncio.CancelledError:
            loading.cancel()
            raise
        await self._show(shown)

    async def _show(self, shown: Shown) -> None:
        slide, logo = _slide(shown), shown.brand.logo
        surface = None
        if shown.surface is not None:
            surface = await asyncio.to_thread(self._surface, slide)
        drawn = None if logo is None else self._pictures.get(logo.key)
        self._programme.show(shown, surface, drawn)

    def _surface(self, slide: Picture | None) -> I420 | None:
        if slide is None:
            return as_i420(BOARD)
        picture = self._pictures.get(slide.key)
        return None if picture is None else as_i420(picture)

    async def _load(self, wanted: Picture) -> None:
        """Until it is there; one that was deleted is not waited for."""
        while wanted.key not in self._pictures:
            try:
                data = await self._get(wanted.key)
                self._pictures[wanted.key] = await asyncio.to_thread(decode, data)
            except NotFound:
                return
            except (StorageUnavailable, OSError) as error:
                log.warning("picture_not_read", error=type(error).__name__)
                await asyncio.sleep(self._retry_s)
        while len(self._pictures) > KEPT:
            del self._pictures[next(iter(self._pictures))]


def decode(data: bytes) -> Image.Image:
    """Our own WebP, as the control plane drew it. Raises OSError for what is none."""
    picture = Image.open(io.BytesIO(data), formats=["WEBP"])
    picture.load()
    return picture


def as_i420(picture: Image.Image) -> I420:
    """On white, as a page is."""
    page = Image.new("RGB", (picture.width // 2 * 2 or 2, picture.height // 2 * 2 or 2), "white")
    page.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    frame = av.VideoFrame.from_ndarray(np.asarray(page), "rgb24").reformat(format="yuv420p")
    return I420.from_buffer(frame.to_ndarray().tobytes(), page.width, page.height)


def _slide(shown: Shown) -> Picture | None:
    return shown.surface.picture if shown.surface else None


BOARD = Image.new("RGB", (1600, 900), "white")
