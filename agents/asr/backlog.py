"""Who is heard next: finals, then first partials, then the oldest partial. Pure: time comes as an argument."""

from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from agents.asr.wire import Purpose

T = TypeVar("T")

# A partial is asked for again every 0.5 s; one that waited this long shows the past.
PARTIAL_DEADLINE_S = 2.0


class Waiting(msgspec.Struct, Generic[T], frozen=True):
    """`client` and `utterance` together name the utterance; `work` is what to do with it."""

    client: int
    utterance: str
    purpose: Purpose
    first: bool
    since_s: float
    work: T

    @property
    def rank(self) -> tuple[int, float]:
        if self.purpose == "final":
            return (0, self.since_s)
        return (1 if self.first else 2, self.since_s)


class Backlog(Generic[T]):
    """Finals are never dropped; a partial is when a newer request for its utterance comes or its deadline passes."""

    def __init__(self) -> None:
        self._waiting: list[Waiting[T]] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, item: Waiting[T]) -> list[Waiting[T]]:
        """The partials that this request makes pointless."""
        dropped = self._remove(
            lambda other: (
                other.purpose == "partial"
                and (other.client, other.utterance) == (item.client, item.utterance)
            )
        )
        self._waiting.append(item)
        return dropped

    def take(self) -> Waiting[T] | None:
        if not self._waiting:
            return None
        best = min(self._waiting, key=lambda item: item.rank)
        self._waiting.remove(best)
        return best

    def expire(self, now_s: float) -> list[Waiting[T]]:
        """The partials that are too late."""
        return self._remove(
            lambda item: item.purpose == "partial" and now_s - item.since_s > PARTIAL_DEADLINE_S
        )

    def forget(self, client: int) -> None:
        """Its connection is gone: nobody waits for the answers."""
        self._remove(lambda item: item.client == client)

    def delay_s(self, now_s: float) -> float:
        return max((now_s - item.since_s for item in self._waiting), default=0.0)

    def _remove(self, chosen: Callable[[Waiting[T]], bool]) -> list[Waiting[T]]:
        removed = [item for item in self._waiting if chosen(item)]
        self._waiting = [item for item in self._waiting if not chosen(item)]
        return removed
