"""All destinations of one programme."""

import threading
from collections.abc import Callable

from agents.media.mux import Chunk
from agents.media.relay.dial import Trust
from agents.media.relay.relay import Relay, RelayLimits, RelayStatus


class Fanout:
    """Copies each chunk to every relay; a new one begins with the GOP under way and so need not wait for the next."""

    def __init__(
        self,
        on_change: Callable[[RelayStatus], None],
        limits: RelayLimits,
        trust: Trust | None = None,
    ) -> None:
        self._on_change = on_change
        self._limits = limits
        self._trust = trust
        self._relays: dict[str, Relay] = {}
        self._leaving: list[Relay] = []
        self._gop: list[Chunk] = []
        self._closed = False
        self._lock = threading.Lock()

    def add(self, relay_id: str, url: str) -> None:
        """Starts a relay, unless all are being closed; one of the same id that still runs is stopped first."""
        with self._lock:
            if self._closed:
                return
            self._dismiss(relay_id)
            relay = Relay(relay_id, url, self._on_change, self._limits, self._trust)
            self._relays[relay_id] = relay
            for chunk in self._gop:
                relay.offer(chunk)
            relay.start()

    def remove(self, relay_id: str) -> None:
        """Says goodbye without waiting for it."""
        with self._lock:
            self._dismiss(relay_id)

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
            self._closed = True
            for relay_id in list(self._relays):
                self._dismiss(relay_id)
            leaving, self._leaving = self._leaving, []
        for relay in leaving:
            relay.join()

    def _dismiss(self, relay_id: str) -> None:
        relay = self._relays.pop(relay_id, None)
        if relay is not None:
            relay.request_stop()
            self._leaving = [*(r for r in self._leaving if not r.ended), relay]
