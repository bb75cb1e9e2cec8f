"""All destinations of one programme."""

import threading
from collections.abc import Callable

from agents.media.encoder import Chunk
from agents.media.relay.relay import Relay, RelayLimits, RelayStatus


class Fanout:
    """Copies each chunk to every relay; a new one begins with the GOP under way and so need not wait for the next."""

    def __init__(
        self, on_change: Callable[[RelayStatus], None], limits: RelayLimits | None = None
    ) -> None:
        self._on_change = on_change
        self._limits = limits
        self._relays: dict[str, Relay] = {}
        self._gop: list[Chunk] = []
        self._lock = threading.Lock()

    def add(self, relay_id: str, url: str) -> None:
        """Starts a relay; one of the same id that still runs is stopped first."""
        relay = Relay(relay_id, url, self._on_change, self._limits)
        with self._lock:
            former = self._relays.get(relay_id)
            self._relays[relay_id] = relay
            for chunk in self._gop:
                relay.offer(chunk)
        if former is not None:
            former.request_stop()
        relay.start()

    def remove(self, relay_id: str) -> None:
        """Says goodbye without waiting for it."""
        with self._lock:
            relay = self._relays.pop(relay_id, None)
        if relay is not None:
            relay.request_stop()

    def offer(self, chunk: Chunk) -> None:
        """Never blocks on a destination."""
        with self._lock:
            if chunk.key:
                self._gop.clear()
            self._gop.append(chunk)
            for relay in self._relays.values():
                relay.offer(chunk)

    def statuses(self) -> list[RelayStatus]:
        with self._lock:
            return [relay.status for relay in self._relays.values()]

    def close(self) -> None:
        """All goodbyes at once; returns when the slowest is through."""
        with self._lock:
            relays = list(self._relays.values())
        for relay in relays:
            relay.request_stop()
        for relay in relays:
            relay.join()
