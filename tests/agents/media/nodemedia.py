"""Another RTMP server than nginx's, written in JavaScript: Node-Media-Server, which takes RTMPS too and records what it gets."""

import contextlib
import datetime as dt
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.agents.media.peers import Received, free_port, received, wait_until_open

ROOT = Path(__file__).parents[3]
PROGRAM = ROOT / "web" / "node_modules" / "node-media-server" / "bin" / "app.js"


@dataclass(frozen=True, slots=True)
class NodeMediaServer:
    rtmp_port: int
    rtmps_port: int
    folder: Path

    def url(self, key: str, scheme: str) -> str:
        port = self.rtmp_port if scheme == "rtmp" else self.rtmps_port
        return f"{scheme}://127.0.0.1:{port}/live/{key}"

    def received(self, key: str) -> Received:
        (recording,) = (self.folder / "live" / key).glob("*.flv")
        return received(recording)


@contextlib.contextmanager
def node_media_server() -> Iterator[NodeMediaServer]:
    folder = Path(tempfile.mkdtemp(prefix="lectern-nms-"))
    made = NodeMediaServer(free_port(), free_port(), folder)
    key, certificate = _certificate(folder)
    config = {
        "bind": "127.0.0.1",
        "rtmp": {"port": made.rtmp_port},
        "rtmps": {"port": made.rtmps_port, "key": str(key), "cert": str(certificate)},
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


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A key and its certificate for loopback, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    kind = serialization.PrivateFormat.PKCS8
    files = folder / "key.pem", folder / "cert.pem"
    files[0].write_bytes(key.private_bytes(pem, kind, serialization.NoEncryption()))
    files[1].write_bytes(made.public_bytes(pem))
    return files
