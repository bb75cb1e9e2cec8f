"""Whatever a job does to its process: the worker goes on, and says what happened."""

import asyncio
import base64

import msgspec
import psutil
import pytest

from pipelines.kind import MIB, Limits, Unwritten
from pipelines.process.making import MakingFailed, Workshop
from pipelines.process.talk import Order
from schema.jobs import Parameters
from tests.pipelines.builders import caption, source
from tests.pipelines.process import broken

ORDER = Order(
    kind="transcript",
    source=source([caption(1, "Ada", 0, 1_000, "Hello.")]),
    made={},
    parameters=Parameters(),
    language_model="small",
    languages=(),
    memory_bytes=2048 * MIB,
    idle=True,
)
LIMITS = Limits()


class Parent:
    def __init__(self) -> None:
        self.told: list[int] = []
        self.kept: list[tuple[str, bytes]] = []
        self.heard = asyncio.Event()

    async def read(self, key: str) -> bytes | None:
        return b"content" if key == "there" else None

    async def keep(self, suffix: str, content: bytes) -> None:
        self.kept.append((suffix, content))

    async def tell(self, percent: int) -> None:
        self.told.append(percent)
        self.heard.set()

    async def write(self, prompt: str, text: str) -> str:
        return f"{prompt}, {text}"


async def test_a_child_makes_it_and_is_gone() -> None:
    made = await Workshop().make(ORDER, LIMITS, Parent())
    assert b"Hello." in made.files["vtt"]


async def test_a_parent_fetches_tells_and_asks_for_its_child() -> None:
    parent = Parent()
    made = await Workshop(broken.asking).make(ORDER, LIMITS, parent)
    found = base64.b64encode(b"content").decode()
    assert msgspec.json.decode(made.files["json"]) == [found, None, "prompt, text", "small"]
    assert parent.told == [50]
    assert parent.kept == [("ogg", b"sound")]
    assert list(made.files) == ["json"]


async def test_a_kind_that_needs_the_language_model_waits_for_it() -> None:
    class Speechless(Parent):
        async def write(self, prompt: str, text: str) -> str:
            raise Unwritten("The language model does not answer.")

    with pytest.raises(MakingFailed, match="does not answer") as failed:
        await Workshop(broken.insisting).make(ORDER, LIMITS, Speechless())
    assert failed.value.cause == "away"


async def test_a_crash_is_one_failed_try() -> None:
    workshop = Workshop(broken.crashing)
    with pytest.raises(MakingFailed) as failed:
        await workshop.make(ORDER, LIMITS, Parent())
    assert failed.value.cause == "broken"
    assert "Hello." in (await Workshop().make(ORDER, LIMITS, Parent())).files["txt"].decode()


async def test_more_memory_than_a_job_may_have_is_for_a_person() -> None:
    with pytest.raises(MakingFailed, match="memory") as failed:
        await Workshop(broken.hungry).make(ORDER, LIMITS, Parent())
    assert failed.value.cause == "final"


async def test_silence_ends_a_child_that_hangs() -> None:
    parent = Parent()
    with pytest.raises(MakingFailed, match="sign of life"):
        await Workshop(broken.hanging).make(ORDER, Limits(silence_s=1.5), parent)
    assert parent.told == [10]
    assert _children() == []


async def test_nobody_works_on_after_the_job_was_taken_away() -> None:
    parent = Parent()
    making = asyncio.create_task(Workshop(broken.hanging).make(ORDER, LIMITS, parent))
    await parent.heard.wait()
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    assert _children() == []


def _children() -> list[psutil.Process]:
    """Those of the fork server that are at work."""
    server = [p for p in psutil.Process().children() if "forkserver" in " ".join(p.cmdline())]
    return [child for one in server for child in one.children()]
