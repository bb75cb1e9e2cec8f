"""An object store that can be away, and says in what order things came."""

import asyncio

from schema.errors import StorageUnavailable


class Store:
    """`put` refuses while `away`, and from the call number `fails_at` on."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.files: dict[str, bytes] = {}
        self.keys: list[str] = []
        self.away = False
        self._fails_at = fails_at

    async def put(self, key: str, content: bytes) -> None:
        await asyncio.sleep(0)
        if self.away or (self._fails_at is not None and len(self.keys) >= self._fails_at):
            raise StorageUnavailable("away")
        self.files[key] = content
        self.keys.append(key)


async def ticks() -> None:
    """Lets everything that is ready run, without time passing."""
    for _ in range(50):
        await asyncio.sleep(0)
