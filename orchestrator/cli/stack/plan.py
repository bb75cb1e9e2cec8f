"""From a data folder and options to the environment and the programs of one local stack."""

import hashlib
import os
import signal
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from orchestrator.cli.stack import binaries, program, servers
from orchestrator.cli.stack.credentials import Credentials
from orchestrator.cli.stack.ports import Ports
from orchestrator.cli.stack.program import Program
from orchestrator.settings import PREFIX, Secret, Settings, SettingsError, load_settings, variable

DATABASE = "lectern"
DRAIN_S = 3
# Agents and pipelines report to the control plane: they get neither the database nor the key of its secrets.
CONTROL_ONLY = frozenset(
    variable(field)
    for field in (
        "database_url",
        "encryption_key",
        "old_encryption_keys",
        "clerk_secret_key",
        "oidc_client_secret",
        "youtube_client_secret",
        "twitch_client_secret",
    )
)
# Linux allows 108 bytes in a unix socket's path, macOS 104.
SOCKET_PATH_BYTES = 100


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What `up` was told; `overrides` are `--set` values by variable name."""

    data: Path
    port_base: int | None = None
    public_host: str = ""
    postgres_bin: str = ""
    overrides: dict[str, str] = {}


def encode(options: Options) -> bytes:
    return msgspec.json.encode(
        options, enc_hook=str
    )  # the one type that msgspec does not know is Path


def decode(text: bytes) -> Options:
    return msgspec.json.decode(text, type=Options, dec_hook=lambda kind, value: kind(value))


class Components(msgspec.Struct, frozen=True):
    postgres: binaries.Binary
    redis: binaries.Binary
    livekit: binaries.Binary


def parse_overrides(pairs: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """`KEY=VALUE` by field or variable name → (settings by variable, launcher options). Raises SettingsError."""
    settings: dict[str, str] = {}
    launcher: dict[str, str] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator:
            raise SettingsError(f"--set wants KEY=VALUE, not {pair!r}")
        field = key.lower().removeprefix(PREFIX.lower())
        if field in {"public_host", "postgres_bin"}:
            launcher[field] = value
        elif field in Settings.__struct_fields__:
            settings[variable(field)] = value
        else:
            raise SettingsError(f"unknown setting {key}; .env.example lists them all")
    return settings, launcher


def stack_variables(options: Options, ports: Ports, secret: Credentials) -> dict[str, str]:
    """Every setting of the embedded stack by variable name. Raises SettingsError for a bad override."""
    host = options.public_host or servers.LOOPBACK
    values = {
        "database_url": servers.postgres_url(ports.postgres, secret.postgres, DATABASE).reveal(),
        "redis_url": servers.redis_url(ports.redis, secret.redis).reveal(),
        "livekit_url": f"ws://{host}:{ports.livekit}",
        "livekit_internal_url": f"ws://{servers.LOOPBACK}:{ports.livekit}",
        "livekit_api_key": secret.livekit_api_key,
        "livekit_api_secret": secret.livekit_api_secret,
        "encryption_key": secret.encryption_key,
        "old_encryption_keys": ",".join(secret.old_encryption_keys),
        "internal_token": secret.internal_token,
        "port": str(ports.control),
        "host": servers.ANYWHERE if options.public_host else servers.LOOPBACK,
        "public_url": f"http://{host}:{ports.control}",
        "control_url": f"http://{servers.LOOPBACK}:{ports.control}",
        "storage_url": (options.data / "objects").as_uri(),
        "data_dir": str(options.data),
        "web_dir": str(binaries.ROOT / "web" / "dist"),
        "drain_s": str(DRAIN_S),
        "asr_socket": str(asr_socket(options.data)),
        "agents_port": str(ports.agents),
    }
    variables = {variable(field): value for field, value in values.items()} | options.overrides
    load_settings(variables)
    return variables


def child_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Ours without what would leak in: other projects' DATABASE_URL and the like, and a ban on compiled modules."""
    ours = {variable(field) for field in Settings.__struct_fields__} | {"PYTHONDONTWRITEBYTECODE"}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    paths = [str(binaries.TOOLS / "bin"), inherited.get("PATH", os.defpath)]
    return inherited | dict(variables) | {"PATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}


def asr_socket(data: Path) -> Path:
    inside = data / "asr.sock"
    if len(os.fsencode(inside)) <= SOCKET_PATH_BYTES:
        return inside
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"lectern-{name}.sock"


def programs(
    options: Options, ports: Ports, secret: Credentials, components: Components, *, prepare: bool
) -> list[Program]:
    """`prepare` adds the one-shot that migrates and seeds, before the control plane may start."""
    env = child_environment(stack_variables(options, ports, secret))
    made = [*server_programs(options, ports, secret, components), *our_programs(ports, env)]
    if not prepare:
        return made
    one_shot = Program(
        name="prepare",
        command=python("orchestrator.cli.stack.prepare"),
        env=env,
        ready=program.never,
        after=("postgres",),
        wave=1,
        one_shot=True,
    )
    return [one_shot, *(after(p, "prepare") if p.name == "control" else p for p in made)]


def after(waiting: Program, name: str) -> Program:
    return msgspec.structs.replace(waiting, after=(*waiting.after, name))


def server_programs(
    options: Options, ports: Ports, secret: Credentials, components: Components
) -> list[Program]:
    data = options.data
    livekit = servers.LiveKit(
        port=ports.livekit,
        udp_port=ports.livekit_udp,
        api_key=secret.livekit_api_key,
        api_secret=Secret(secret.livekit_api_secret),
        redis_port=ports.redis,
        redis_password=secret.redis,
        webhook_url=f"http://{servers.LOOPBACK}:{ports.control}/api/webhooks/livekit",
        public_host=options.public_host,
    )
    return [
        Program(
            name="postgres",
            command=servers.postgres_command(
                components.postgres, data / "postgres", ports.postgres
            ),
            ready=program.says(b"database system is ready to accept connections"),
            port=ports.postgres,
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
        ),
        Program(
            name="redis",
            command=servers.redis_command(
                components.redis, data / "redis", ports.redis, secret.redis
            ),
            ready=program.port_open(ports.redis),
            port=ports.redis,
        ),
        Program(
            name="livekit",
            command=servers.livekit_command(components.livekit, data / "livekit", livekit),
            ready=program.http_ok(f"http://{servers.LOOPBACK}:{ports.livekit}/"),
            port=ports.livekit,
            after=("redis",),
            stop_twice=True,
        ),
    ]


def our_programs(ports: Ports, all_of_it: dict[str, str]) -> list[Program]:
    env = {name: value for name, value in all_of_it.items() if name not in CONTROL_ONLY}
    control = Program(
        name="control",
        command=python("orchestrator"),
        env=all_of_it,
        ready=program.http_ok(f"http://{servers.LOOPBACK}:{ports.control}/api/health"),
        port=ports.control,
        after=("postgres", "redis"),
        wave=1,
        grace_s=1.5,
    )
    asr = Program(
        name="asr",
        command=python("agents.asr"),
        env=env,
        ready=program.socket_open(Path(env[variable("asr_socket")])),
        wave=1,
    )
    agents = Program(
        name="agents",
        command=python("agents.room"),
        env=env,
        ready=program.http_ok(f"http://{servers.LOOPBACK}:{ports.agents}/"),
        port=ports.agents,
        after=("livekit",),
        wave=2,
        grace_s=DRAIN_S + 1,
    )
    return [control, asr, agents, *(bus_worker(name, env) for name in ("egress", "pipelines"))]


def bus_worker(name: str, env: dict[str, str]) -> Program:
    module = "agents.egress" if name == "egress" else name
    return Program(
        name=name,
        command=python(module),
        env=env,
        ready=program.says_ready,
        after=("redis",),
        wave=2,
        grace_s=DRAIN_S + 1,
    )


def python(module: str) -> list[str]:
    return [sys.executable, "-m", module]
