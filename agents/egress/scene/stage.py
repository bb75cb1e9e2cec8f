"""Follows what the programme is to show: the room's metadata, and the pictures that it names."""

import asyncio
import io
from collections.abc import Awaitable, Callable

import av
import msgspec
import numpy as np
import structlog
from PIL import Image

from agents.egress.scene.boards import Boards, Place
from agents.egress.scene.ink import Ink, flat
from agents.media.picture.backdrop import covering
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
# The slides around the shown one, a logo and a background.
KEPT = 8


class Stage:
    """`describe` takes each new metadata; pictures are read, decoded and drawn on off the programme's thread.

    Without `boards`, in a room that is no class, nobody draws.
    """

    def __init__(
        self,
        programme: Programme,
        get: Get,
        boards: Boards | None = None,
        retry_s: float = RETRY_S,
    ) -> None:
        self._programme = programme
        self._get = get
        self._boards = boards
        self._retry_s = retry_s
        self._on_stage: Shown | None = None
        self._place: Place | None = None
        self._ink: Ink | None = None
        self._inking = asyncio.Lock()
        self._following: asyncio.Task[None] | None = None
        self._shown = Shown(sequence=-1)
        self._pictures: dict[str, Image.Image] = {}
        self._fitted_from: Image.Image | None = None
        self._fitted: Image.Image | None = None
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
        self._look_at(_place(shown))
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.create_task(self._present(shown))

    async def settled(self) -> None:
        """When what the room said at the join is on stage, so that the first frame shows it."""
        if self._task is not None:
            await asyncio.wait((self._task,))

    async def close(self) -> None:
        tasks = [task for task in (self._task, self._following) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _look_at(self, place: Place | None) -> None:
        """What is drawn there, and nowhere else."""
        if place == self._place:
            return
        self._place, self._ink = place, None
        if self._following is not None:
            self._following.cancel()
            self._following = None
        if place is not None and self._boards is not None:
            self._following = asyncio.create_task(self._boards.follow(place, self._inked))

    async def _inked(self, ink: Ink) -> None:
        """A scene that is not on stage yet brings it along."""
        self._ink = ink
        shown = self._shown
        if self._on_stage is not shown:
            return
        surface = await self._surface(shown)
        if self._on_stage is shown and surface is not None:
            self._programme.rewrite(surface)

    async def _present(self, shown: Shown) -> None:
        loading = asyncio.gather(*(self._load(one) for one in _pictures_of(shown)))
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
        surface, background = await self._surface(shown), await self._background(shown)
        logo = self._loaded(shown.brand.logo)
        self._on_stage = shown
        self._programme.show(shown, surface, logo, background)

    def _loaded(self, wanted: Picture | None) -> Image.Image | None:
        return None if wanted is None else self._pictures.get(wanted.key)

    async def _surface(self, shown: Shown) -> I420 | None:
        """With all that is drawn on it; None without a surface, and while its picture is not there."""
        if shown.surface is None:
            return None
        slide = shown.surface.picture
        ground = BOARD if slide is None else self._loaded(slide)
        if ground is None:
            return None
        async with self._inking:
            return await asyncio.to_thread(_drawn, ground, self._ink)

    async def _background(self, shown: Shown) -> Image.Image | None:
        """Fitted once for all scenes that have the same."""
        picture = self._loaded(shown.background)
        if picture is not self._fitted_from:
            size = self._programme.size
            fitted = None if picture is None else await asyncio.to_thread(covering, picture, size)
            self._fitted_from, self._fitted = picture, fitted
        return self._fitted

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
        self._forget_oldest()

    def _forget_oldest(self) -> None:
        """Never what the scene shows."""
        shown = {one.key for one in _pictures_of(self._shown)}
        idle = [key for key in self._pictures if key not in shown]
        for key in idle[: max(0, len(self._pictures) - KEPT)]:
            del self._pictures[key]


def decode(data: bytes) -> Image.Image:
    """Our own WebP, as the control plane drew it. Raises OSError for what is none."""
    picture = Image.open(io.BytesIO(data), formats=["WEBP"])
    picture.load()
    return picture


def as_i420(page: Image.Image) -> I420:
    """Of RGB with even sides."""
    frame = av.VideoFrame.from_ndarray(np.asarray(page), "rgb24").reformat(format="yuv420p")
    return I420.from_buffer(frame.to_ndarray().tobytes(), page.width, page.height)


def _drawn(ground: Image.Image, ink: Ink | None) -> I420:
    return as_i420(flat(ground) if ink is None else ink.on(ground))


def _place(shown: Shown) -> Place | None:
    surface = shown.surface
    return Place(surface.asset_id, surface.page) if surface else None


def _slide(shown: Shown) -> Picture | None:
    return shown.surface.picture if shown.surface else None


def _pictures_of(shown: Shown) -> list[Picture]:
    wanted = (_slide(shown), shown.brand.logo, shown.background)
    return [one for one in wanted if one is not None]


BOARD = Image.new("RGB", (1600, 900), "white")
