"""From options to programs: ports, secrets, overrides, environment, and the data folder's lock."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from orchestrator.cli.__main__ import main, port_base
from orchestrator.cli.runfile import (
    AlreadyRunning,
    Component,
    LiveKitAccess,
    RunFile,
    end_leftovers,
    hold,
    read_run_file,
    run_path,
    supervisor_pid,
    write_run_file,
)
from orchestrator.cli.stack import binaries, servers
from orchestrator.cli.stack.credentials import credentials, make
from orchestrator.cli.stack.plan import (
    Components,
    Options,
    asr_socket,
    child_environment,
    parse_overrides,
    programs,
    stack_variables,
)
from orchestrator.cli.stack.ports import Ports, PortTaken, choose
from orchestrator.cli.stack.program import Program
from orchestrator.cli.stack.supervisor import ProcessState
from orchestrator.settings import SettingsError, load_settings

PORTS = Ports.from_base(21_000)
FAKE = binaries.Binary(Path("/opt/x"), "18.6")


def planned(data: Path, *, prepare: bool = False) -> dict[str, Program]:
    for name in ("redis", "livekit"):
        (data / name).mkdir(exist_ok=True)
    components = Components(postgres=FAKE, redis=FAKE, livekit=FAKE)
    made = programs(Options(data=data), PORTS, make(), components, prepare=prepare)
    return {program.name: program for program in made}


def test_the_stacks_settings_load_and_meet(tmp_path: Path) -> None:
    secret = make()
    settings = load_settings(stack_variables(Options(data=tmp_path), PORTS, secret))
    assert settings.port == PORTS.control
    assert settings.public_url == f"http://127.0.0.1:{PORTS.control}"
    assert settings.livekit_url == f"ws://127.0.0.1:{PORTS.livekit}"
    assert secret.postgres_password in settings.database_url.reveal()
    assert settings.drain_s == 3


def test_a_public_host_opens_the_web_and_the_sfu_only(tmp_path: Path) -> None:
    options = Options(data=tmp_path, public_host="192.0.2.7")
    settings = load_settings(stack_variables(options, PORTS, make()))
    assert (settings.host, settings.livekit_url) == ("0.0.0.0", f"ws://192.0.2.7:{PORTS.livekit}")
    assert "@127.0.0.1:" in settings.database_url.reveal()
    assert settings.livekit_api_url == f"ws://127.0.0.1:{PORTS.livekit}"


def test_no_secret_is_on_a_command_line(tmp_path: Path) -> None:
    secret = make()
    components = Components(postgres=FAKE, redis=FAKE, livekit=FAKE)
    for name in ("redis", "livekit"):
        (tmp_path / name).mkdir()
    made = programs(Options(data=tmp_path), PORTS, secret, components, prepare=True)
    lines = " ".join(word for program in made for word in program.command)
    values = [value for value in msgspec.structs.astuple(secret) if isinstance(value, str)]
    assert [value for value in values if value in lines] == []


def test_the_stop_budget_is_below_eight_seconds(tmp_path: Path) -> None:
    longest: dict[int, float] = {}
    for program in planned(tmp_path).values():
        longest[program.wave] = max(longest.get(program.wave, 0), program.grace_s)
    assert sum(longest.values()) < 8


def test_workers_stop_before_what_they_report_to(tmp_path: Path) -> None:
    wave = {name: program.wave for name, program in planned(tmp_path).items()}
    assert wave["egress"] == wave["agents"] == wave["pipelines"] > wave["control"] > wave["redis"]


def test_the_control_plane_waits_for_its_tables(tmp_path: Path) -> None:
    assert "prepare" in planned(tmp_path, prepare=True)["control"].after
    assert "prepare" not in planned(tmp_path)


def test_overrides_take_a_field_or_a_variable() -> None:
    settings, launcher = parse_overrides(
        ["asr_model=base.en", "LECTERN_LOG_LEVEL=DEBUG", "S3_ENDPOINT=http://x=y", "public_host=h"]
    )
    assert settings == {
        "LECTERN_ASR_MODEL": "base.en",
        "LECTERN_LOG_LEVEL": "DEBUG",
        "S3_ENDPOINT": "http://x=y",
    }
    assert launcher == {"public_host": "h"}


@pytest.mark.parametrize("pair", ["colour=blue", "asr_model", "LECTERN_NOPE=1"])
def test_an_unknown_override_is_refused(pair: str) -> None:
    with pytest.raises(SettingsError):
        parse_overrides([pair])


def test_a_bad_override_is_refused_before_anything_starts(tmp_path: Path) -> None:
    options = Options(data=tmp_path, overrides={"LECTERN_ASR_THREADS": "many"})
    with pytest.raises(SettingsError):
        stack_variables(options, PORTS, make())


def test_other_projects_variables_do_not_leak_in(tmp_path: Path) -> None:
    script = (
        "import json; from orchestrator.cli.stack.plan import child_environment;"
        "print(json.dumps(child_environment({'PORT': '1'})))"
    )
    env = os.environ | {"DATABASE_URL": "theirs", "PYTHONDONTWRITEBYTECODE": "1", "KEEP": "me"}
    said = subprocess.check_output([sys.executable, "-c", script], env=env, cwd=binaries.ROOT)
    environment = msgspec.json.decode(said)
    assert "DATABASE_URL" not in environment
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert (environment["PORT"], environment["KEEP"]) == ("1", "me")


def test_children_find_our_tools_first() -> None:
    assert child_environment({})["PATH"].startswith(str(binaries.TOOLS / "bin"))


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    first = credentials(tmp_path)
    assert credentials(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert first.postgres_password not in repr(first)
    assert [account.role for account in first.accounts] == [
        "admin",
        "teacher",
        "student",
        "student",
    ]


def test_auto_ports_avoid_what_is_taken() -> None:
    first = choose(None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first.redis))
        taken.listen()
        with pytest.raises(PortTaken, match=rf"port {first.redis} \(redis\) is in use"):
            choose(first.control)
        assert choose(None).control != first.control


@pytest.mark.parametrize(("text", "base"), [("auto", None), ("5000", 5000)])
def test_reads_a_port_base(text: str, base: int | None) -> None:
    assert port_base(text) == base


@pytest.mark.parametrize("text", ["80", "x", "70000", "-1"])
def test_refuses_a_bad_port_base(text: str) -> None:
    with pytest.raises(PortTaken):
        port_base(text)


def test_a_deep_data_folder_gets_a_short_socket_path(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    assert asr_socket(tmp_path) == tmp_path / "asr.sock"
    assert len(os.fsencode(asr_socket(deep))) < 104
    assert asr_socket(deep) != asr_socket(tmp_path / ("y" * 120))


def test_a_data_folder_has_one_supervisor(tmp_path: Path) -> None:
    assert supervisor_pid(tmp_path) is None
    with hold(tmp_path):
        assert supervisor_pid(tmp_path) == os.getpid()
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
        with pytest.raises(AlreadyRunning), hold(tmp_path):
            pass
    assert supervisor_pid(tmp_path) is None


def run_file(*processes: ProcessState) -> RunFile:
    return RunFile(
        web="http://127.0.0.1:5000",
        livekit=LiveKitAccess("ws://127.0.0.1:5001", "key", "secret"),
        accounts=make().accounts,
        processes=list(processes),
        state="healthy",
        components={"postgres": Component("/opt/postgres", "18.6")},
    )


def test_the_run_file_has_the_agreed_shape(tmp_path: Path) -> None:
    write_run_file(tmp_path, run_file(ProcessState("control", 7, "healthy", port=5000)))
    written = msgspec.json.decode(run_path(tmp_path).read_bytes())
    assert set(written["livekit"]) == {"url", "apiKey", "apiSecret"}
    assert set(written["accounts"][0]) == {"role", "email", "password"}
    assert written["processes"] == [{"name": "control", "pid": 7, "state": "healthy", "port": 5000}]
    assert stat.S_IMODE(run_path(tmp_path).stat().st_mode) == 0o600


def test_only_our_own_leftovers_are_ended(tmp_path: Path) -> None:
    """run.json may name a number that belongs to somebody else by now."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        state = ProcessState("control", stranger.pid, "healthy", started_at=1_000_000.0)
        write_run_file(tmp_path, run_file(state))
        assert end_leftovers(tmp_path) == []
        assert stranger.poll() is None
        assert read_run_file(tmp_path) is None
        stranger.kill()


@pytest.mark.parametrize("command", ["status", "down"])
def test_commands_say_when_nothing_runs(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--data", str(tmp_path)]) == (1 if command == "status" else 0)
    assert "nothing runs on" in capsys.readouterr().out


def test_a_data_folder_of_another_postgres_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("15\n")
    with pytest.raises(servers.DataFolderError, match="was made by PostgreSQL 15, this is 18"):
        servers.init_postgres(FAKE, folder, make().postgres)
    assert sorted(path.name for path in folder.iterdir()) == ["PG_VERSION"]
