from pathlib import Path

import pytest

from orchestrator.core.storage import Storage
from orchestrator.settings import Secret, Settings
from schema.errors import NotFound, StorageUnavailable


@pytest.fixture
def local(tmp_path: Path) -> Storage:
    return Storage.from_settings(Settings(storage_url=f"file://{tmp_path}/a%20folder"))


async def test_an_object_comes_back_whole_and_in_ranges(local: Storage) -> None:
    await local.put("tenant/session/index.m3u8", b"first")
    await local.put("tenant/session/index.m3u8", b"second")
    assert await local.get("tenant/session/index.m3u8") == b"second"
    assert await local.get_range("tenant/session/index.m3u8", 1, 4) == b"eco"
    assert await local.size("tenant/session/index.m3u8") == len(b"second")


async def test_list_gives_the_folder_in_order_and_nothing_else(local: Storage) -> None:
    for key in ("a/2.ts", "a/1.ts", "a/deep/3.ts", "ab/4.ts"):
        await local.put(key, b"x")
    assert await local.list("a") == ["a/1.ts", "a/2.ts", "a/deep/3.ts"]
    assert await local.list("nothing/here") == []


async def test_one_that_is_missing_saves_no_other(local: Storage) -> None:
    pages = [f"a/{number}.webp" for number in range(60)]
    for key in pages:
        await local.put(key, b"x")
    await local.delete(["a/missing.webp", *pages])
    assert await local.list("a") == []


@pytest.mark.parametrize("key", ["missing", "../outside", "a//b", "/etc/passwd", "a/../../b"])
async def test_a_key_that_names_no_object_is_not_found(local: Storage, key: str) -> None:
    with pytest.raises(NotFound):
        await local.get(key)
    assert not await local.exists(key)


async def test_an_absent_s3_is_unavailable_and_its_secret_stays_out_of_the_error() -> None:
    store = Storage.from_settings(
        Settings(
            storage_url="s3://bucket/prefix",
            s3_endpoint="http://127.0.0.1:9",
            s3_access_key=Secret("access"),
            s3_secret_key=Secret("canary"),
        )
    )
    with pytest.raises(StorageUnavailable) as caught:
        await store.get("key")
    assert "canary" not in repr(caught.value) + repr(caught.value.__cause__)
