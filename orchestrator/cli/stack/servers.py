"""How PostgreSQL, Redis and livekit-server are configured and started: on 127.0.0.1, secrets in 0600 files, never in argv."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import stamina

from orchestrator.cli.stack import binaries
from orchestrator.settings import Secret

LOOPBACK = "127.0.0.1"
ANYWHERE = "0.0.0.0"  # noqa: S104 only when a public host was asked for
POSTGRES_USER = "lectern"


class DataFolderError(Exception):
    """The data folder belongs to another major version of PostgreSQL; nothing was changed."""


class LiveKit(msgspec.Struct, frozen=True, kw_only=True):
    """What livekit-server is told; `public_host` empty means loopback only."""

    port: int
    udp_port: int
    api_key: str
    api_secret: Secret
    redis_port: int
    redis_password: Secret
    webhook_url: str = ""
    public_host: str = ""
    auto_create: bool = False


def write_private(path: Path, text: str) -> None:
    """Readable by its owner only, from the moment it exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)


def init_postgres(binary: binaries.Binary, folder: Path, password: Secret) -> bool:
    """Create the cluster unless it is there; True when created. Raises DataFolderError for another major version."""
    stamp = folder / "PG_VERSION"
    major = binary.version.split(".", maxsplit=1)[0]
    if stamp.exists():
        if (made_by := stamp.read_text().strip()) != major:
            raise DataFolderError(
                f"{folder} was made by PostgreSQL {made_by}, this is {major}: dump it with {made_by} and load it here"
            )
        return False
    password_file = folder.with_suffix(".password")
    write_private(password_file, password.reveal())
    initdb = [str(binary.path.with_name("initdb")), "-D", str(folder), "-U", POSTGRES_USER]
    # The builtin provider sorts the same on every system; it exists from PostgreSQL 17 on.
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if int(major) >= 17 else []
    options = ["--auth=scram-sha-256", f"--pwfile={password_file}", "-E", "UTF8", "--locale=C"]
    try:
        run_quietly([*binaries.without_root(), *initdb, *options, *builtin])
    finally:
        password_file.unlink()
    return True


def postgres_command(binary: binaries.Binary, folder: Path, port: int) -> list[str]:
    listen = ["-h", LOOPBACK, "-p", str(port), "-k", ""]
    return [*binaries.without_root(), str(binary.path), "-D", str(folder), *listen]


def postgres_url(port: int, password: Secret, database: str) -> Secret:
    return Secret(
        f"postgresql+asyncpg://{POSTGRES_USER}:{password.reveal()}@{LOOPBACK}:{port}/{database}"
    )


async def ensure_database(
    port: int, password: Secret, name: str, template: str = "template1"
) -> None:
    connection = await connect_postgres(port, password)
    try:
        if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
            await connection.execute(f'create database "{name}" template "{template}"')
    finally:
        await connection.close()


# PostgreSQL listens a moment before it takes anyone in.
@stamina.retry(on=asyncpg.CannotConnectNowError, timeout=20, wait_max=0.5)
async def connect_postgres(port: int, password: Secret) -> "asyncpg.Connection[Any]":
    return await asyncpg.connect(
        host=LOOPBACK,
        port=port,
        user=POSTGRES_USER,
        password=password.reveal(),
        database="postgres",
        timeout=5,
    )


def redis_command(binary: binaries.Binary, folder: Path, port: int, password: Secret) -> list[str]:
    """Writes `redis.conf` in the folder. PostgreSQL remembers for us, but LiveKit keeps its rooms in Redis: one that is killed
    and started again must know them, else their classes end. A new start of everything begins empty."""
    config = folder / "redis.conf"
    # Where Redis 7 keeps it, and where Redis 6 did.
    shutil.rmtree(folder / "appendonlydir", ignore_errors=True)
    (folder / "appendonly.aof").unlink(missing_ok=True)
    lines = {
        "bind": LOOPBACK,
        "port": str(port),
        "requirepass": password.reveal(),
        "dir": str(folder),
        "save": '""',
        "appendonly": "yes",
        # What a killed process wrote the system still has; a forced write each second would hold up PostgreSQL's.
        "appendfsync": "no",
        "databases": "64",
    }
    write_private(config, "".join(f"{key} {value}\n" for key, value in lines.items()))
    return [str(binary.path), str(config)]


def redis_url(port: int, password: Secret, database: int = 0) -> Secret:
    return Secret(f"redis://:{password.reveal()}@{LOOPBACK}:{port}/{database}")


def livekit_command(binary: binaries.Binary, folder: Path, livekit: LiveKit) -> list[str]:
    """Writes `livekit.yaml` (JSON, which is YAML) in the folder."""
    config = folder / "livekit.yaml"
    write_private(
        config, msgspec.json.format(msgspec.json.encode(livekit_config(livekit))).decode()
    )
    return [str(binary.path), "--config", str(config)]


def livekit_config(livekit: LiveKit) -> dict[str, Any]:
    config: dict[str, Any] = {
        "port": livekit.port,
        "bind_addresses": [ANYWHERE if livekit.public_host else LOOPBACK],
        "rtc": rtc_config(livekit),
        "redis": {
            "address": f"{LOOPBACK}:{livekit.redis_port}",
            "password": livekit.redis_password.reveal(),
        },
        "keys": {livekit.api_key: livekit.api_secret.reveal()},
        "logging": {"level": "info", "json": True},
        "turn": {"enabled": False},
        # Only the control plane makes rooms: an old token must not open one after class.
        "room": {"auto_create": livekit.auto_create},
    }
    if livekit.webhook_url:
        config["webhook"] = {"api_key": livekit.api_key, "urls": [livekit.webhook_url]}
    return config


def rtc_config(livekit: LiveKit) -> dict[str, Any]:
    """`bind_addresses` alone leaves UDP on every interface; this keeps media there too (`lo0` is the Mac's)."""
    rtc: dict[str, Any] = {"udp_port": livekit.udp_port, "tcp_port": 0, "use_external_ip": False}
    if livekit.public_host:
        return rtc | {"node_ip": livekit.public_host}
    only_lo = {"interfaces": {"includes": ["lo", "lo0"]}, "enable_loopback_candidate": True}
    return rtc | {"node_ip": LOOPBACK} | only_lo


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path, within_s: float) -> None:
    """Raises RuntimeError with the log's end when the process dies or does not listen in time."""
    deadline = time.monotonic() + within_s
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((LOOPBACK, port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"not listening on {port}:\n{log.read_text(errors='replace')[-2000:]}")


def run_quietly(command: list[str]) -> None:
    """Raises RuntimeError with what the command said."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr.strip()[-2000:]}")
