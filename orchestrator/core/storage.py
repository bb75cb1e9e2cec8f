"""Objects by key: recordings, captions, artifacts. `file:///folder` or `s3://bucket[/prefix]`, by one interface."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, S3Store

from orchestrator.settings import Settings
from schema.errors import NotFound, StorageUnavailable


class Storage:
    """Every call raises StorageUnavailable when the store is away; a put is atomic: readers see all of it or nothing."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def from_settings(cls, settings: Settings) -> "Storage":
        url = urlsplit(settings.storage_url)
        if url.scheme == "file":
            folder = Path(unquote(url.path))
            return cls(LocalStore(folder, automatic_cleanup=True, mkdir=True))
        return cls(_s3(settings, url.netloc, url.path.strip("/")))

    @property
    def signs(self) -> bool:
        """Whether the store itself can give signed addresses."""
        return isinstance(self._store, S3Store)

    async def put(self, key: str, data: bytes) -> None:
        with _refusals():
            await obstore.put_async(self._store, key, data)

    async def get(self, key: str) -> bytes:
        """Raises NotFound."""
        with _refusals():
            result = await obstore.get_async(self._store, key)
            return bytes(await result.bytes_async())

    async def get_range(self, key: str, start: int, end: int) -> bytes:
        """The bytes [start, end). Raises NotFound."""
        with _refusals():
            return bytes(await obstore.get_range_async(self._store, key, start=start, end=end))

    async def size(self, key: str) -> int:
        """In bytes. Raises NotFound."""
        with _refusals():
            return int((await obstore.head_async(self._store, key))["size"])

    async def exists(self, key: str) -> bool:
        try:
            await self.size(key)
        except NotFound:
            return False
        return True

    async def delete(self, keys: "list[str]") -> None:
        """What is not there is deleted already."""
        try:
            await self._delete(keys)
        except NotFound:
            # A local store stops at the first one that is missing.
            for key in keys:
                with suppress(NotFound):
                    await self._delete([key])

    async def _delete(self, keys: "list[str]") -> None:
        if keys:
            with _refusals():
                await obstore.delete_async(self._store, keys)

    async def list(self, prefix: str) -> list[str]:
        """All keys below the folder `prefix`, sorted."""
        return sorted(await self.sizes(prefix))

    async def folders(self, prefix: str) -> tuple[str, ...]:
        """The folders right below `prefix`."""
        with _refusals():
            found = await obstore.list_with_delimiter_async(self._store, prefix)
            return tuple(str(folder) for folder in found["common_prefixes"])

    async def sizes(self, prefix: str) -> dict[str, int]:
        """Bytes of every object below the folder `prefix`, by key."""
        with _refusals():
            pages = obstore.list(self._store, prefix=prefix)
            return {str(meta["path"]): meta["size"] async for page in pages for meta in page}

    async def signed_url(self, key: str, lifetime: timedelta) -> str:
        """The store's own address for one object; only where `signs`."""
        if not isinstance(self._store, S3Store):
            raise TypeError("a local store signs nothing")
        return await obstore.sign_async(self._store, "GET", key, lifetime)


def _s3(settings: Settings, bucket: str, prefix: str) -> S3Store:
    given: dict[str, Any] = {
        "prefix": prefix,
        "endpoint": settings.s3_endpoint,
        "access_key_id": settings.s3_access_key.reveal(),
        "secret_access_key": settings.s3_secret_key.reveal(),
    }
    return S3Store(
        bucket,
        region="us-east-1",
        virtual_hosted_style_request=not settings.s3_endpoint,
        client_options={"allow_http": settings.s3_endpoint.startswith("http://")},
        **{name: value for name, value in given.items() if value},
    )


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (NotFoundError, FileNotFoundError):
        raise NotFound("There is no such object.") from None
    except ValueError as error:  # a key that is no path: "..", "//"
        raise NotFound("There is no such object.") from error
    except (BaseError, OSError) as error:
        raise StorageUnavailable("The object store is away; try again shortly.") from error
