"""Programs that only the system's packages have; `up` needs none of them, tests use all."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
from rich.console import Console

from orchestrator.cli.stack import binaries

NGINX_MODULES = (Path("/usr/lib/nginx/modules"), Path("/usr/share/nginx/modules"))


class SystemPackage(msgspec.Struct, frozen=True):
    """`apt` names the Debian and Ubuntu packages, `purpose` what is lost without it."""

    name: str
    apt: tuple[str, ...]
    purpose: str
    is_there: Callable[[], bool]


def has_nginx_rtmp() -> bool:
    return nginx() is not None and any(
        (folder / "ngx_rtmp_module.so").exists() for folder in NGINX_MODULES
    )


def nginx() -> str | None:
    # /usr/sbin is not on an ordinary user's PATH.
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


PACKAGES = (
    SystemPackage(
        "ffprobe", ("ffmpeg",), "media tests", lambda: shutil.which("ffprobe") is not None
    ),
    SystemPackage(
        "nginx with RTMP", ("nginx", "libnginx-mod-rtmp"), "real RTMP receivers", has_nginx_rtmp
    ),
    SystemPackage("Chromium", ("chromium",), "browser tests", lambda: chromium() is not None),
)


def missing() -> list[SystemPackage]:
    return [package for package in PACKAGES if not package.is_there()]


def apt_command(packages: list[SystemPackage]) -> list[str]:
    names = [name for package in packages for name in package.apt]
    return ["apt-get", "install", "-y", "--no-install-recommends", *names]


def install_missing(console: Console) -> None:
    """By apt as root; else prints the command and leaves it to the person. Never raises: the tests say what they lack."""
    packages = missing()
    if not packages:
        return
    command = apt_command(packages)
    if os.geteuid() != 0 or binaries.on_path("apt-get") is None:
        console.print(f"missing for some tests: sudo {' '.join(command)}", style="yellow")
        return
    console.print(" ".join(command))
    # RUNLEVEL=1 keeps a freshly installed nginx from starting as a service on port 80.
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for step in (["apt-get", "update", "-q"], command):
        done = subprocess.run(
            step, check=False, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        if done.returncode:
            console.print(f"failed: {' '.join(step)}", style="yellow")
