"""RTMP servers that a demo or a test streams to: real ones on loopback that write every stream they get as FLV."""

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType

import imageio_ffmpeg

from orchestrator.cli.stack.child import with_death_signal
from orchestrator.cli.stack.ports import free_port
from orchestrator.cli.stack.program import port_taken

START_TIMEOUT_S = 10.0

NGINX_CONF = """\
{load_module}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 64; }}
rtmp {{
  access_log off;
  server {{
    listen 127.0.0.1:{port};
    chunk_size 4096;
    application live {{
      live on;
      record all;
      record_path {folder};
      record_unique on;
      record_suffix .flv;
    }}
  }}
}}
"""


class ReceiverError(Exception):
    """A receiver did not come up; the message holds what it said."""


class Receivers(ABC):
    """`kind` says which software received; `recordings` gives one file per connection, oldest first."""

    kind: str

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def url(self, key: str) -> str:
        """The RTMP address without its stream key."""

    @abstractmethod
    async def start(self) -> None: ...

    @abstractmethod
    def stop(self) -> None: ...

    def recordings(self, key: str) -> list[Path]:
        """More than one file means that the sender had to connect again."""
        found = self.folder.glob(f"{key}*.flv")
        return sorted(found, key=lambda path: (path.stat().st_mtime, path.name))


class NginxReceivers(Receivers):
    """One nginx with its RTMP module: takes any key, as often as it comes."""

    def __init__(self, folder: Path, binary: str, load_module: str, version: str) -> None:
        super().__init__(folder)
        self.kind = f"nginx-rtmp ({version})"
        self._binary = binary
        self._load_module = load_module
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, key: str) -> str:
        return f"rtmp://127.0.0.1:{self._port}/live"

    async def start(self) -> None:
        conf = self.folder / "nginx.conf"
        conf.write_text(
            NGINX_CONF.format(folder=self.folder, port=self._port, load_module=self._load_module)
        )
        self._process = spawn(
            [self._binary, "-p", str(self.folder), "-c", str(conf), "-e", "stderr"], self.folder
        )
        await _listening(self._port, self._process, self.folder)

    def stop(self) -> None:
        if self._process is not None:
            end(self._process, signal.SIGQUIT)


class FfmpegReceivers(Receivers):
    """One `ffmpeg -listen 1` per key: each takes exactly one connection, so a second try at a key is refused."""

    kind = "ffmpeg -listen 1"

    def __init__(self, folder: Path, keys: Sequence[str]) -> None:
        super().__init__(folder)
        self._ports = {key: free_port() for key in keys}
        self._processes: list[subprocess.Popen[bytes]] = []

    def url(self, key: str) -> str:
        return f"rtmp://127.0.0.1:{self._ports[key]}/live"

    async def start(self) -> None:
        for key, port in self._ports.items():
            process = spawn(self._command(key), self.folder)
            self._processes.append(process)
            await _listening(port, process, self.folder, connect=False)

    def _command(self, key: str) -> list[str]:
        source = ["-listen", "1", "-i", f"{self.url(key)}/{key}"]
        target = ["-c", "copy", "-f", "flv", str(self.folder / f"{key}.flv")]
        return [ffmpeg(), "-nostdin", "-loglevel", "warning", *source, *target]

    def stop(self) -> None:
        for process in self._processes:
            end(process, signal.SIGINT)


class ClosedPort:
    """A port that is held but not listened on: every connection to it is refused, and nobody else can take it."""

    def __enter__(self) -> str:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        return f"rtmp://127.0.0.1:{self._socket.getsockname()[1]}/live"

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()


@asynccontextmanager
async def receivers(keys: Sequence[str], *, nginx: bool = True) -> AsyncIterator[Receivers]:
    """nginx where it has its RTMP module (and `nginx` is true), else ffmpeg; the recordings go with the context."""
    with tempfile.TemporaryDirectory(prefix="lectern-rtmp-") as name:
        folder = Path(name)
        server = (find_nginx(folder) if nginx else None) or FfmpegReceivers(folder, keys)
        if runs_as_other():
            shutil.chown(folder, "nobody")
        try:
            await server.start()
            yield server
        finally:
            server.stop()


def find_nginx(folder: Path) -> NginxReceivers | None:
    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if binary is None:
        return None
    built = subprocess.run([binary, "-V"], capture_output=True, text=True, check=True).stderr
    version = re.search(r"nginx/([\d.]+)", built)
    load = _rtmp_module(built)
    if load is None:
        return None
    return NginxReceivers(folder, binary, load, version[1] if version else "?")


def _rtmp_module(built: str) -> str | None:
    """The `load_module` line: empty when the module is built in, None when there is none."""
    if re.search(r"--add-module=\S*rtmp", built):
        return ""
    modules = re.search(r"--modules-path=(\S+)", built)
    if modules is None:
        return None
    module = Path(modules[1]) / "ngx_rtmp_module.so"
    return f"load_module {module};" if module.exists() else None


def ffmpeg() -> str:
    return shutil.which("ffmpeg") or str(imageio_ffmpeg.get_ffmpeg_exe())


def runs_as_other() -> bool:
    """Root's receivers run as nobody: they parse what comes from a network."""
    return os.geteuid() == 0


def spawn(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "output.log").open("ab") as log:
        return subprocess.Popen(
            with_death_signal(command, signal.SIGTERM, "nobody" if runs_as_other() else None),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(timeout=3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


async def _listening(
    port: int, process: subprocess.Popen[bytes], folder: Path, *, connect: bool = True
) -> None:
    """`connect=False` asks the kernel by trying to bind: ffmpeg's one connection must not be spent on a probe."""
    async with asyncio.timeout(START_TIMEOUT_S):
        while not (_answers(port) if connect else port_taken(port)):
            if process.poll() is not None:
                raise ReceiverError((folder / "output.log").read_text())
            await asyncio.sleep(0.05)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
