"""Stills on their way to a store that may be slow or away."""

import asyncio

from agents.egress.plan import Poster
from agents.egress.recorder.poster import PosterStore
from schema.errors import StorageUnavailable

POSTER = Poster("t/s/programme/1/poster.jpeg", 10, 640, 360)


class Shelf:
    """Takes what comes once `open` is set."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.away = False
        self.objects: list[tuple[str, bytes]] = []

    async def put(self, key: str, data: bytes) -> None:
        await self.open.wait()
        if self.away:
            raise StorageUnavailable("The object store is away.")
        self.objects.append((key, data))


async def until_idle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_while_one_is_on_its_way_others_are_left_out() -> None:
    shelf = Shelf()
    store = PosterStore(shelf.put, POSTER)
    for jpeg in (b"first", b"second"):
        store.add(jpeg)
        await until_idle()
    shelf.open.set()
    await until_idle()
    store.add(b"third")
    await until_idle()
    assert shelf.objects == [(POSTER.key, b"first"), (POSTER.key, b"third")]


async def test_a_store_that_is_away_costs_that_still_only() -> None:
    shelf = Shelf()
    shelf.open.set()
    shelf.away = True
    store = PosterStore(shelf.put, POSTER)
    store.add(b"lost")
    await until_idle()
    shelf.away = False
    store.add(b"next")
    await until_idle()
    assert shelf.objects == [(POSTER.key, b"next")]


async def test_the_end_waits_for_no_still() -> None:
    shelf = Shelf()
    store = PosterStore(shelf.put, POSTER)
    store.add(b"late")
    await until_idle()
    async with asyncio.timeout(5):
        await store.close()
    assert shelf.objects == []
