"""`./lectern`: the command line. Each command imports only what it needs, so that `status` answers at once."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from uuid import UUID

from rich.console import Console

from orchestrator.cli.refusals import REFUSALS
from orchestrator.cli.stack.binaries import ROOT
from orchestrator.cli.stack.plan import Options, parse_overrides
from orchestrator.cli.stack.ports import DEFAULT_BASE, PortTaken
from orchestrator.core.livekit.ending import let_callbacks_end

DEFAULT_DATA = ROOT / ".lectern"
# These read the rest of the line by themselves.
OWN_OPTIONS = {
    "demo": "orchestrator.cli.demo.main",
    "bench": "orchestrator.cli.bench.main",
    "keys": "orchestrator.cli.keys.main",
    "user": "orchestrator.cli.accounts.main",
}


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="lectern", description="A live classroom on this machine.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="set up what is missing and run everything")
    up.add_argument("--detach", action="store_true", help="return when all is healthy")
    up.add_argument("--port-base", default=str(DEFAULT_BASE), metavar="N|auto", help="first port")
    up.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting")
    logs = commands.add_parser("logs", help="what a process wrote")
    logs.add_argument("name", nargs="?", help="without it, the names")
    logs.add_argument("-f", "--follow", action="store_true")
    logs.add_argument("-n", "--lines", type=int, default=50)
    doctor = commands.add_parser("doctor", help="what is installed, and how to get what is missing")
    doctor.add_argument(
        "--session", type=UUID, metavar="ID", help="prove that its rows say what its log says"
    )
    data_commands = [
        up,
        logs,
        commands.add_parser("down", help="stop a detached stack"),
        commands.add_parser("status", help="which processes run, and how they are"),
        doctor,
    ]
    for command in data_commands:
        command.add_argument("--data", type=Path, default=DEFAULT_DATA, metavar="DIR")
    test = commands.add_parser("test", help="everything that CI runs, or some parts of it")
    test.add_argument("parts", nargs="*", metavar="PART")
    commands.add_parser("demo", help="a whole class on real speech, measured", add_help=False)
    commands.add_parser("user", help="who can sign in: list, add, disable ...", add_help=False)
    commands.add_parser("keys", help="keys of stored secrets: new, rotate, status", add_help=False)
    commands.add_parser("bench", help="how fast it is here, beside the stated bars", add_help=False)
    return top


def main(argv: Sequence[str]) -> int:
    arguments, rest = parser().parse_known_args(argv)
    if rest and arguments.command not in OWN_OPTIONS:
        parser().error(f"unrecognized arguments: {' '.join(rest)}")
    console = Console(highlight=False)
    try:
        return run(arguments, rest, console)
    except REFUSALS as refusal:
        console.print(f"lectern: {refusal}", style="red", markup=False, soft_wrap=True)
        return 1


def run(arguments: argparse.Namespace, rest: list[str], console: Console) -> int:  # noqa: PLR0911 a row per command
    if arguments.command in OWN_OPTIONS:
        return int(import_module(OWN_OPTIONS[arguments.command]).run(rest))
    match arguments.command:
        case "up":
            return up(arguments, console)
        case "test":
            from orchestrator.cli.checks import run_parts  # noqa: PLC0415

            return run_parts(arguments.parts, console)
        case "doctor" if arguments.session:
            from orchestrator.cli.proof import prove  # noqa: PLC0415

            return prove(arguments.data.resolve(), arguments.session, console)
        case "doctor":
            from orchestrator.cli.doctor import doctor  # noqa: PLC0415

            return doctor(arguments.data.resolve(), console)
    from orchestrator.cli.detached import down, logs, status  # noqa: PLC0415

    data = arguments.data.resolve()
    match arguments.command:
        case "down":
            return down(data, console)
        case "status":
            return status(data, console)
        case _:
            return logs(data, arguments.name, arguments.lines, follow=arguments.follow)


def up(arguments: argparse.Namespace, console: Console) -> int:
    from orchestrator.cli.up import up as start  # noqa: PLC0415

    overrides, launcher = parse_overrides(arguments.set)
    options = Options(
        data=arguments.data.resolve(),
        port_base=port_base(arguments.port_base),
        overrides=overrides,
        **launcher,
    )
    return start(options, console, detach=arguments.detach)


def port_base(text: str) -> int | None:
    """None for "auto". Raises PortTaken for anything that is no usable port number."""
    if text == "auto":
        return None
    if not text.isdigit() or not 1024 <= int(text) <= 65_000:
        raise PortTaken(f"--port-base wants auto or a number from 1024 to 65000, not {text}")
    return int(text)


if __name__ == "__main__":
    let_callbacks_end()
    sys.exit(main(sys.argv[1:]))
