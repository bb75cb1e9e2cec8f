"""`lectern keys`: which key has sealed what, and moving everything to a new one."""

import argparse
import asyncio
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from orchestrator.cli.keys.rewrap import Count, counts, rewrap
from orchestrator.cli.proof import database_url
from orchestrator.cli.runfile import read_run_file
from orchestrator.cli.stack.binaries import ROOT
from orchestrator.cli.stack.credentials import credentials, keep
from orchestrator.cli.stack.servers import DataFolderError
from orchestrator.core.crypto import Keyring
from orchestrator.core.database import Database
from orchestrator.settings import Secret, load_settings, old_keys
from schema.errors import DomainError

MADE = "A new key is made, and the old one kept for reading. Now: ./lectern down, ./lectern up, ./lectern keys rotate"


class Place(msgspec.Struct, frozen=True):
    database: Secret
    keyring: Keyring


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="lectern keys", description="Keys of stored secrets.")
    top.add_argument(
        "--data", type=Path, default=ROOT / ".lectern", metavar="DIR", help="of the running stack"
    )
    actions = top.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("new", help="make a new primary key for a stack of this machine")
    actions.add_parser("rotate", help="seal everything anew with the primary key")
    actions.add_parser("status", help="how much each key still holds")
    return top


def run(argv: Sequence[str], environ: Mapping[str, str] | None = None) -> int:
    """1 when something could not be opened. Raises SettingsError, DataFolderError."""
    arguments = parser().parse_args(argv)
    console = Console(highlight=False)
    data = arguments.data.resolve()
    if arguments.action == "new":
        make_new(data)
        console.print(MADE)
        return 0
    place = place_of(data, environ)
    act = _rotate if arguments.action == "rotate" else _status
    try:
        return asyncio.run(act(place, console))
    except DomainError as refusal:
        console.print(f"lectern: {refusal}", style="red", markup=False, soft_wrap=True)
        return 1


def make_new(data: Path) -> None:
    """Raises DataFolderError where there is no stack."""
    if not (data / "secrets.json").exists():
        raise DataFolderError(
            f"{data} has no keys. Elsewhere: openssl rand -hex 32, see docs/operations.md"
        )
    known = credentials(data)
    old = (known.encryption_key, *known.old_encryption_keys)
    keep(
        data,
        msgspec.structs.replace(
            known, encryption_key=secrets.token_hex(32), old_encryption_keys=old
        ),
    )


def place_of(data: Path, environ: Mapping[str, str] | None = None) -> Place:
    """The stack that runs on the folder, else what the environment says, as for a production control plane."""
    if read_run_file(data) is not None:
        known = credentials(data)
        old = [Secret(key) for key in known.old_encryption_keys]
        return Place(database_url(data), Keyring(Secret(known.encryption_key), old))
    settings = load_settings(environ)
    return Place(settings.database_url, Keyring(settings.encryption_key, old_keys(settings)))


async def _rotate(place: Place, console: Console) -> int:
    database = Database(place.database, pool_size=1)
    try:
        outcome = await rewrap(
            database,
            place.keyring,
            lambda column, done, total: console.print(f"{column}: {done} of {max(done, total)}"),
        )
    finally:
        await database.close()
    console.print(f"{outcome.moved} secrets were sealed anew.")
    for row in outcome.unreadable:
        console.print(f"{row}: no key that is given opens it", style="red", markup=False)
    return await _status(place, console) or int(bool(outcome.unreadable))


async def _status(place: Place, console: Console) -> int:
    """1 when a key is needed and not given."""
    database = Database(place.database, pool_size=1)
    try:
        async with database.system_transaction() as tx:
            found = await counts(tx, place.keyring)
    finally:
        await database.close()
    given = [name.hex() for name in place.keyring.key_ids]
    console.print(_table(found, given))
    return int(any(count.rows and count.key_id not in given for count in found))


def _table(found: list[Count], given: list[str]) -> Table:
    table = Table("key", "rows", "events", "")
    for count in found:
        if count.key_id not in given:
            advice = "not given: nobody can read these"
        elif count.key_id == given[0]:
            advice = "primary"
        else:
            advice = "still needed" if count.rows or count.events else "can be removed"
        table.add_row(count.key_id, str(count.rows), str(count.events), advice)
    return table
