"""`lectern user`: people from the command line, for the operator; how the first admin of a new installation is made."""

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args
from uuid import UUID

import msgspec
from rich.console import Console
from rich.table import Table

from orchestrator.cli.accounts.people import People, choose_school
from orchestrator.cli.proof import database_url
from orchestrator.cli.runfile import read_run_file
from orchestrator.cli.stack.binaries import ROOT
from orchestrator.core.database import Database
from orchestrator.settings import Secret, load_settings
from schema.auth import RoleName
from schema.errors import DomainError
from schema.users import UserRecord


class Place(msgspec.Struct, frozen=True):
    """A database of Lectern, and the address of its pages."""

    database: Secret
    web: str


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="lectern user", description="Who can sign in.")
    top.add_argument(
        "--data", type=Path, default=ROOT / ".lectern", metavar="DIR", help="of the running stack"
    )
    top.add_argument("--school", default="", metavar="NAME", help="where there are several")
    actions = top.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="everybody")
    add = actions.add_parser("add", help="a person, who gets a link to choose a password")
    add.add_argument("email")
    add.add_argument("--name", required=True)
    add.add_argument("--role", choices=get_args(RoleName), default="student")
    for action, text in (
        ("password", "a one-time link to choose a new password"),
        ("disable", "sign them out and keep them out"),
        ("enable", "let them in again"),
    ):
        actions.add_parser(action, help=text).add_argument("email")
    return top


def run(argv: Sequence[str], environ: Mapping[str, str] | None = None) -> int:
    """1 when it was refused. Raises SettingsError where neither a stack runs nor the environment names a database."""
    arguments = parser().parse_args(argv)
    console = Console(highlight=False)
    try:
        asyncio.run(_act(arguments, place_of(arguments.data.resolve(), environ), console))
    except (DomainError, msgspec.ValidationError) as refusal:
        console.print(f"lectern: {refusal}", style="red", markup=False, soft_wrap=True)
        return 1
    return 0


def place_of(data: Path, environ: Mapping[str, str] | None = None) -> Place:
    """The stack that runs on the folder, else what the environment says, as for a production control plane."""
    running = read_run_file(data)
    if running is not None:
        return Place(database_url(data), running.web)
    settings = load_settings(environ)
    return Place(settings.database_url, settings.public_url)


async def _act(arguments: argparse.Namespace, place: Place, console: Console) -> None:
    database = Database(place.database, pool_size=1)
    try:
        async with database.system_transaction() as tx:
            school = await choose_school(tx, arguments.school, may_make=arguments.action == "add")
            people = People(tx, school, place.web)
            if arguments.action == "list":
                console.print(_table(await people.everybody()))
                return
            said = await _change(people, arguments)
    finally:
        await database.close()
    console.print(said, markup=False, soft_wrap=True)


async def _change(people: People, arguments: argparse.Namespace) -> str:
    match arguments.action:
        case "add":
            return await people.add(arguments.email, arguments.name, arguments.role)
        case "password":
            return await people.link(await _id(people, arguments.email))
        case action:
            return await people.set_disabled(
                await _id(people, arguments.email), disabled=action == "disable"
            )


async def _id(people: People, email: str) -> UUID:
    return (await people.find(email)).id


def _table(everybody: list[UserRecord]) -> Table:
    table = Table("email", "name", "roles", "")
    for user in everybody:
        held = ", ".join(
            grant.name if grant.scope == "tenant" else f"{grant.name} ({grant.scope})"
            for grant in user.roles
        )
        table.add_row(user.email, user.name, held, "disabled" if user.disabled else "")
    return table
