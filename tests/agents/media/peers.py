"""Destinations, good and bad: nginx's RTMP module that records what it gets, and servers that misbehave."""

import contextlib
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import psutil

from orchestrator.cli.stack.ports import free_port
from tests.support.nginx import HAS_NGINX, nginx

MODULE = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")
HAS_RTMP = HAS_NGINX and MODULE.exists()

CONFIG = """
load_module {module};
rtmp {{ server {{ listen 127.0.0.1:{port};
  application live {{ live on; record all; record_path {folder}; record_unique off; }}
  application closed {{ live on; deny publish all; }}
}} }}
"""


@dataclass(frozen=True, slots=True)
class Received:
    frames: int
    keys_s: list[float]
    first_sound_s: float


@dataclass(frozen=True, slots=True)
class RtmpServer:
    """Publishing is allowed on /live and denied on /closed."""

    port: int
    folder: Path

    def url(self, key: str, application: str = "live") -> str:
        return f"rtmp://127.0.0.1:{self.port}/{application}/{key}"

    def received(self, key: str) -> Received:
        """What was recorded under that key, once the publisher has left."""
        return received(self.folder / f"{key}.flv")


def received(recording: Path) -> Received:
    """Pictures by their time: Node-Media-Server records the first twice, from its cache and as it comes."""
    pictures: dict[float, bool] = {}
    sounds_s = []
    with av.open(str(recording)) as container:
        for packet in container.demux():
            if packet.pts is None:
                continue
            at_s = float(packet.pts * packet.time_base)
            if packet.stream.type == "audio":
                sounds_s.append(at_s)
            else:
                pictures[at_s] = packet.is_keyframe
    return Received(len(pictures), [at_s for at_s, key in pictures.items() if key], sounds_s[0])


@contextlib.contextmanager
def rtmp_server() -> Iterator[RtmpServer]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="lectern-rtmp-") as folder:
        config = CONFIG.format(module=MODULE, folder=folder, port=port)
        with nginx(Path(folder), config, port):
            yield RtmpServer(port, Path(folder))


@contextlib.contextmanager
def srt_listener(port: int, passphrase: str, file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """ffmpeg, which takes one caller who knows the pass phrase, and keeps what it hears."""
    url = f"srt://127.0.0.1:{port}?mode=listener&passphrase={passphrase}"
    command = ["ffmpeg", "-v", "error", "-i", url, "-c", "copy", "-f", "mpegts", str(file)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
        try:
            while not psutil.Process(process.pid).net_connections(kind="udp"):
                assert process.poll() is None, "ffmpeg does not listen"
                time.sleep(0.02)
            yield process
        finally:
            process.kill()


@contextlib.contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


@contextlib.contextmanager
def server_away() -> Iterator[int]:
    """What a proxy is whose server is away: it hangs up on the one connection that it takes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_take_one, args=(listener,))
        thread.start()
        yield int(listener.getsockname()[1])
        thread.join()


@contextlib.contextmanager
def tap(port: int) -> Iterator["Tap"]:
    """A way to a server on `port`, for one connection, that can be blocked or cut while in use."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Tap(listener, port)
        try:
            yield made
        finally:
            made.cut()
            made.join()


class Tap:
    def __init__(self, listener: socket.socket, port: int) -> None:
        self.port = int(listener.getsockname()[1])
        self._listener = listener
        self._target = port
        self._flowing = threading.Event()
        self._flowing.set()
        self._pause_s = 0.0
        self._ends: list[socket.socket] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self.join = self._thread.join

    def block(self) -> None:
        """From now on nothing is read, as with a peer that hangs."""
        self._flowing.clear()

    def slow(self) -> None:
        """From now on it reads 4 KB at a time, 40 times a second: a twentieth of what a test sends."""
        self._pause_s = 0.025

    def cut(self) -> None:
        """Hangs up on both sides."""
        self._flowing.set()
        for end in self._ends:
            _hang_up(end)

    def _run(self) -> None:
        near, _ = self._listener.accept()
        far = socket.create_connection(("127.0.0.1", self._target))
        self._ends = [near, far]
        with near, far:
            back = threading.Thread(target=self._pump, args=(far, near), daemon=True)
            back.start()
            self._pump(near, far)
            back.join()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(4096 if self._pause_s else 65_536):
                self._flowing.wait()
                time.sleep(self._pause_s)
                target.sendall(data)
        _hang_up(target)


def _take_one(listener: socket.socket) -> None:
    listener.accept()[0].close()


def _hang_up(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
