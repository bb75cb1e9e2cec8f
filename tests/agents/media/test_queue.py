import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.egress.recorder.session import encoder_spec
from agents.media.mux import Chunk
from agents.media.relay.queue import GopQueue
from agents.media.relay.relay import RelayLimits
from orchestrator.egress.statistics.domain import MOST_QUEUED_S
from schema.quality import QUALITIES, Quality

LIMIT_BYTES = 100
# What the encoder gives (size, is keyframe), and when the destination takes (None).
flows = st.lists(st.one_of(st.none(), st.tuples(st.integers(1, 60), st.booleans())), max_size=80)


def numbered(number: int, size: int, *, key: bool) -> Chunk:
    return Chunk(bytes([number % 256]) * size, key)


@given(flows)
def test_what_comes_out_is_decodable(flow: list[tuple[int, bool] | None]) -> None:
    """It starts with a keyframe, keeps the order, and after any gap goes on with a keyframe."""
    queue = GopQueue(LIMIT_BYTES)
    given_chunks: list[Chunk] = []
    taken: list[Chunk] = []
    for step in flow:
        if step is None:
            if queue.queued_bytes and (chunk := queue.get()) is not None:
                taken.append(chunk)
            continue
        chunk = numbered(len(given_chunks), step[0], key=step[1])
        given_chunks.append(chunk)
        queue.put(chunk)
        assert queue.queued_bytes <= LIMIT_BYTES
    queue.close()
    while (chunk := queue.get()) is not None:
        taken.append(chunk)
    numbers = [next(i for i, g in enumerate(given_chunks) if g is chunk) for chunk in taken]
    assert numbers == sorted(numbers)
    for previous, number, chunk in zip([-2, *numbers], numbers, taken, strict=False):
        assert number == previous + 1 or chunk.key
    assert len(taken) + queue.dropped_chunks == len(given_chunks)


def test_within_the_limit_nothing_is_lost() -> None:
    queue = GopQueue(LIMIT_BYTES)
    chunks = [numbered(n, 10, key=n == 0) for n in range(10)]
    for chunk in chunks:
        queue.put(chunk)
    queue.close()
    assert [queue.get() for _ in range(10)] == chunks
    assert queue.get() is None
    assert queue.dropped_chunks == 0


def test_over_the_limit_the_oldest_gops_go_whole() -> None:
    queue = GopQueue(LIMIT_BYTES)
    for n in range(12):
        queue.put(numbered(n, 10, key=n % 4 == 0))
    queue.close()
    left = []
    while (chunk := queue.get()) is not None:
        left.append(chunk.data[0])
    assert left == [4, 5, 6, 7, 8, 9, 10, 11]


@pytest.mark.parametrize("quality", QUALITIES)
def test_at_every_quality_a_slow_moment_is_seen_before_pictures_are_dropped(
    quality: Quality,
) -> None:
    """Two GOPs and a third that is under way wait, which is more than what the control plane calls slow."""
    spec = encoder_spec(QUALITIES[quality])
    queue = GopQueue(RelayLimits.of_rate(spec.bitrate_bps).queue_bytes)
    size = spec.bitrate_bps // 8 // spec.fps
    for number in range(round(2.5 * spec.gop_frames)):
        queue.put(numbered(number, size, key=number % spec.gop_frames == 0))
    assert queue.dropped_chunks == 0
    assert queue.queued_bytes * 8 > MOST_QUEUED_S * spec.bitrate_bps


def test_taking_waits_for_giving() -> None:
    queue, taken = GopQueue(LIMIT_BYTES), []
    taker = threading.Thread(target=lambda: taken.append(queue.get()))
    taker.start()
    chunk = numbered(1, 10, key=True)
    queue.put(chunk)
    taker.join(timeout=5)
    assert taken == [chunk]


def test_after_closing_nothing_is_taken_in() -> None:
    queue = GopQueue(LIMIT_BYTES)
    queue.close()
    queue.put(numbered(1, 10, key=True))
    assert queue.get() is None
    assert queue.dropped_chunks == 1
