"""Another RTMP server than nginx's, written in JavaScript: Node-Media-Server, which takes RTMPS too and records what it gets."""

import contextlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestrator.cli.stack.ports import free_port
from tests.agents.media.peers import Received, received
from tests.support.certificates import Authority
from tests.support.waiting import wait_until_open

ROOT = Path(__file__).parents[3]
PROGRAM = ROOT / "web" / "node_modules" / "node-media-server" / "bin" / "app.js"


@dataclass(frozen=True, slots=True)
class NodeMediaServer:
    rtmp_port: int
    rtmps_port: int
    folder: Path
    ca_file: Path

    def url(self, key: str, scheme: str) -> str:
        port = self.rtmp_port if scheme == "rtmp" else self.rtmps_port
        return f"{scheme}://127.0.0.1:{port}/live/{key}"

    def received(self, key: str) -> Received:
        (recording,) = (self.folder / "live" / key).glob("*.flv")
        return received(recording)


@contextlib.contextmanager
def node_media_server() -> Iterator[NodeMediaServer]:
    folder = Path(tempfile.mkdtemp(prefix="lectern-nms-"))
    authority = Authority(folder)
    certificate = authority.issue()
    made = NodeMediaServer(free_port(), free_port(), folder, authority.file)
    config = {
        "bind": "127.0.0.1",
        "rtmp": {"port": made.rtmp_port},
        "rtmps": {
            "port": made.rtmps_port,
            "key": str(certificate.key),
            "cert": str(certificate.chain),
        },
        "auth": {"play": False, "publish": False},
        "store": {"path": str(folder / "data")},
        "record": {"auto": True, "path": str(folder)},
    }
    (folder / "config.json").write_text(json.dumps(config))
    node = shutil.which("node")
    assert node, "no Node.js: apt install nodejs, or run ./lectern test"
    log = (folder / "log").open("wb")
    command = [node, str(PROGRAM), "-c", str(folder / "config.json"), "--no-admin"]
    server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        for port in (made.rtmp_port, made.rtmps_port):
            wait_until_open(port)
        yield made
    finally:
        server.terminate()
        server.wait(10)
        log.close()
        shutil.rmtree(folder)
