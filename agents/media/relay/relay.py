"""One destination: a child process behind a bounded queue, and the state it is in."""

import contextlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import IO, Any, Literal, Self, cast

import structlog

from agents.media.mux import Chunk
from agents.media.relay.dial import Trust
from agents.media.relay.process import Child, Messages, spawn
from agents.media.relay.queue import GopQueue
from agents.media.relay.reasons import Reason, seen_from

State = Literal["connecting", "live", "failed", "finished"]

# How often deadlines are looked at while the child says nothing.
POLL_S = 0.2
log = structlog.get_logger(__name__)


# Of the programme, whatever its rate: a slow moment of two seconds is seen (`queue`) before the third GOP costs the first.
QUEUE_S = 6.0


@dataclass(frozen=True, slots=True)
class RelayLimits:
    queue_bytes: int
    connect_s: float = 10.0
    stall_s: float = 15.0
    # After a stop: to send what is queued and say goodbye, before SIGKILL.
    goodbye_s: float = 0.7

    @classmethod
    def of_rate(cls, bitrate_bps: int) -> Self:
        """For a programme of so many bits a second, sound and all."""
        return cls(queue_bytes=round(QUEUE_S * bitrate_bps / 8))


@dataclass(frozen=True, slots=True)
class RelayStatus:
    """What a destination has come to; `message` never holds the URL or its key."""

    relay_id: str
    state: State = "connecting"
    reason: Reason | None = None
    message: str = ""
    connected_at_ns: int = 0
    ended_at_ns: int = 0
    frames: int = 0
    bytes: int = 0
    # When the child said so many frames and bytes, by Unix time.
    counted_at_ns: int = 0
    dropped_chunks: int = 0
    queued_bytes: int = 0


class Relay:
    """`offer` never blocks; `on_change` is called from the relay's own thread when its state changes."""

    def __init__(
        self,
        relay_id: str,
        url: str,
        on_change: Callable[[RelayStatus], None],
        limits: RelayLimits,
        trust: Trust | None = None,
    ) -> None:
        self._url = url
        self._trust = trust or Trust()
        self._on_change = on_change
        self._limits = limits
        self._queue = GopQueue(self._limits.queue_bytes)
        self._status = RelayStatus(relay_id)
        self._stop_by_s: float | None = None
        # The thread that starts the child must outlive it: PDEATHSIG is tied to that thread.
        self._thread = threading.Thread(target=self._run, name=f"relay-{relay_id}", daemon=True)

    @property
    def status(self) -> RelayStatus:
        queue = self._queue
        return replace(
            self._status, dropped_chunks=queue.dropped_chunks, queued_bytes=queue.queued_bytes
        )

    @property
    def ended(self) -> bool:
        return self._status.state in {"failed", "finished"}

    def start(self) -> None:
        self._thread.start()

    def offer(self, chunk: Chunk) -> None:
        self._queue.put(chunk)

    def request_stop(self) -> None:
        """Begins the goodbye and returns at once; `join` waits for it."""
        self._stop_by_s = time.monotonic() + self._limits.goodbye_s
        self._queue.close()

    def join(self) -> None:
        """Returns within the goodbye's time after `request_stop`."""
        self._thread.join()

    def _run(self) -> None:
        silent = False
        try:
            silent = self._send()
        except OSError as error:  # a machine without memory, processes or files for one more child
            log.warning("relay_broken", relay=self._status.relay_id, reason=error.strerror)
        finally:
            self._queue.close()
        self._conclude(silent=silent)

    def _send(self) -> bool:
        """Until the child is gone; True when it was given up for its silence. Raises OSError."""
        child = spawn()
        feeder = threading.Thread(target=self._feed, args=(child,), daemon=True)
        try:
            with contextlib.closing(Messages(child)) as messages:
                feeder.start()
                return self._watch(messages)
        finally:
            child.kill()
            child.wait()
            self._queue.close()
            if feeder.ident is not None:
                feeder.join()

    def _feed(self, child: Child) -> None:
        """Blocks while the child does not read; the child's death ends it."""
        try:
            with cast("IO[bytes]", child.stdin) as pipe:
                pipe.write(json.dumps({"url": self._url, **asdict(self._trust)}).encode() + b"\n")
                while (chunk := self._queue.get()) is not None:
                    pipe.write(chunk.data)
                    pipe.flush()
        except BrokenPipeError:
            log.debug("relay_pipe_closed", relay=self._status.relay_id)

    def _watch(self, messages: Messages) -> bool:
        """Follows the child until its output ends; True when it was given up for its silence."""
        heard_s = time.monotonic()
        while (heard := messages.read(POLL_S)) is not None:
            for message in heard:
                self._take(message)
            now_s = time.monotonic()
            # As long as the programme has not begun, the silence is ours.
            heard_s = now_s if heard or not self._queue.fed else heard_s
            if self._stop_by_s is not None:
                if now_s > self._stop_by_s:
                    return False
            elif now_s - heard_s > self._patience_s():
                return True
        return False

    def _patience_s(self) -> float:
        connecting = self._status.state == "connecting"
        return self._limits.connect_s if connecting else self._limits.stall_s

    def _take(self, message: dict[str, Any]) -> None:
        match message:
            case {"event": "connected", "at_ns": int(at_ns)}:
                self._change(state="live", connected_at_ns=at_ns)
            case {"event": "progress", "frames": int(frames), "bytes": int(size)}:
                self._status = replace(
                    self._status, frames=frames, bytes=size, counted_at_ns=time.time_ns()
                )
            case {"event": "failed", "message": str(text), "said": str(said)}:
                live = self._status.state == "live"
                reason = seen_from(message["reason"], live=live)
                self._status = replace(self._status, reason=reason, message=said or text)

    def _conclude(self, *, silent: bool) -> None:
        """Whatever happened after a stop was asked for is a finish."""
        ended_at_ns = time.time_ns()
        if self._stop_by_s is not None:
            self._change(state="finished", reason=None, message="", ended_at_ns=ended_at_ns)
            return
        reason: Reason = self._status.reason or "crashed"
        if silent:
            reason = "stalled" if self._status.state == "live" else "connect_timeout"
        self._change(state="failed", reason=reason, ended_at_ns=ended_at_ns)

    def _change(self, **changes: Any) -> None:
        self._status = replace(self._status, **changes)
        self._on_change(self.status)
