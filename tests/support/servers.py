"""Real PostgreSQL, Redis and livekit-server for tests: started once per run, handed to workers as plain addresses."""

import asyncio
import contextlib
import fcntl
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from orchestrator.cli.stack import binaries, servers
from orchestrator.cli.stack.child import with_death_signal
from orchestrator.cli.stack.ports import free_port, free_udp_port
from orchestrator.settings import Secret, Settings

TEMPLATE = "lectern_template"
# Without triggers, which guard the append-only tables, as only a superuser of a server of our own can ask. Deleting, because
# nearly all tables are empty, and each truncated one is a handful of new files.
EMPTY_ALL = """
do $$
declare name text;
begin
  set local session_replication_role = replica;
  for name in select tablename from pg_tables
    where schemaname = 'public' and tablename <> 'alembic_version'
  loop
    execute format('delete from %I', name);
  end loop;
end $$
"""
NO_FSYNC = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class LiveKitServer(msgspec.Struct, frozen=True):
    """A running livekit-server; `redis_url` is the bus on which it looks for egress workers."""

    url: str
    api_key: str
    api_secret: str
    redis_url: str


class Servers(msgspec.Struct, frozen=True):
    """What the run's servers answer to; plain values, so that xdist can send them to its workers."""

    folder: str
    postgres_port: int
    redis_port: int
    password: str
    livekit: LiveKitServer

    @property
    def secret(self) -> Secret:
        return Secret(self.password)

    def database_url(self, database: str) -> Secret:
        return servers.postgres_url(self.postgres_port, self.secret, database)

    def redis_url(self, number: int) -> str:
        return servers.redis_url(self.redis_port, self.secret, number).reveal()


@contextlib.contextmanager
def start_servers() -> Iterator[Servers]:
    folder = Path(tempfile.mkdtemp(prefix="lectern-tests-"))
    password = Secret(secrets.token_hex(16))
    try:
        with (
            run_postgres(folder, password) as postgres_port,
            run_redis(folder, password) as redis_port,
            run_livekit(folder, redis_port, password) as livekit,
        ):
            yield Servers(str(folder), postgres_port, redis_port, password.reveal(), livekit)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def livekit_with_webhook(webhook_url: str) -> Iterator[LiveKitServer]:
    """An SFU with a Redis of its own: psrpc's channels ignore database numbers, so sharing one would mix the buses."""
    folder = Path(tempfile.mkdtemp(prefix="lectern-livekit-"))
    password = Secret(secrets.token_hex(16))
    try:
        with (
            run_redis(folder, password) as redis_port,
            run_livekit(folder, redis_port, password, webhook_url) as livekit,
        ):
            yield livekit
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def run_postgres(folder: Path, password: Secret) -> Iterator[int]:
    binary, data, port = binaries.postgres(), folder / "postgres", free_port()
    servers.init_postgres(binary, data, password)
    command = [*servers.postgres_command(binary, data, port), *NO_FSYNC]
    with child(command, folder / "postgres.log", port, signal.SIGINT):
        yield port


@contextlib.contextmanager
def run_redis(folder: Path, password: Secret) -> Iterator[int]:
    port = free_port()
    command = servers.redis_command(binaries.redis(), folder, port, password)
    with child(command, folder / "redis.log", port):
        yield port


@contextlib.contextmanager
def run_livekit(
    folder: Path, redis_port: int, password: Secret, webhook_url: str = ""
) -> Iterator[LiveKitServer]:
    with livekit_process(folder, livekit_config(redis_port, password, webhook_url)) as server:
        yield server


def livekit_config(redis_port: int, password: Secret, webhook_url: str = "") -> servers.LiveKit:
    return servers.LiveKit(
        port=free_port(),
        udp_port=free_udp_port(),
        api_key="LKtests",
        api_secret=Secret(secrets.token_hex(32)),
        redis_port=redis_port,
        redis_password=password,
        webhook_url=webhook_url,
        auto_create=True,  # the agents' tests enter rooms that no control plane made
    )


@contextlib.contextmanager
def livekit_process(folder: Path, config: servers.LiveKit) -> Iterator[LiveKitServer]:
    """Started again with the same config it is the same server to its clients."""
    binary = binaries.livekit()
    if binary is None:
        raise RuntimeError(
            "livekit-server is not built yet: run ./lectern test, or ./lectern up once"
        )
    command = servers.livekit_command(binary, folder, config)
    with child(command, folder / "livekit.log", config.port):
        url = f"ws://{servers.LOOPBACK}:{config.port}"
        bus = servers.redis_url(config.redis_port, config.redis_password).reveal()
        yield LiveKitServer(url, config.api_key, config.api_secret.reveal(), bus)


@contextlib.contextmanager
def child(
    command: list[str], log: Path, port: int, stop: signal.Signals = signal.SIGTERM
) -> Iterator[None]:
    """Runs until the block ends; dies with us. Raises RuntimeError with its log when it does not listen within 20 s."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            with_death_signal(command, stop),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        servers.wait_for_port(port, process, log, within_s=20)
        yield
    finally:
        process.send_signal(stop)
        try:
            process.wait(timeout=2)  # livekit-server is deaf in its first 0.1 s
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def create_database(running: Servers, name: str) -> Secret:
    """A database of its own, copied from a template that the run's first asker migrates."""
    with (Path(running.folder) / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        migrated = Path(running.folder) / "template.migrated"
        if not migrated.exists():
            _migrate_template(running)
            migrated.touch()
        asyncio.run(servers.ensure_database(running.postgres_port, running.secret, name, TEMPLATE))
    return running.database_url(name)


def _migrate_template(running: Servers) -> None:
    from orchestrator.migrations.run import upgrade  # noqa: PLC0415 Alembic is slow to import

    asyncio.run(servers.ensure_database(running.postgres_port, running.secret, TEMPLATE))
    upgrade(running.database_url(TEMPLATE))


def worker_settings(running: Servers, worker: str) -> Settings:
    """Settings of one xdist worker ("gw0", "gw1", ..., or "main"): own database, Redis number and folder."""
    number = int(worker.removeprefix("gw")) + 1 if worker.startswith("gw") else 0
    data = Path(running.folder) / worker
    data.mkdir(exist_ok=True)
    return Settings(
        database_url=create_database(running, f"lectern_{worker}"),
        redis_url=Secret(running.redis_url(number)),
        livekit_url=running.livekit.url,
        livekit_api_key=running.livekit.api_key,
        livekit_api_secret=Secret(running.livekit.api_secret),
        encryption_key=Secret(secrets.token_hex(32)),
        internal_token=Secret(secrets.token_hex(32)),
        storage_url=f"file://{data}/objects",
        data_dir=str(data),
        asr_socket=str(data / "asr.sock"),
        drain_s=3,
    )
