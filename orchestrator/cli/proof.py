"""`doctor --session ID`: proves for one session of a running stack that its rows say what its log says."""

import asyncio
from pathlib import Path
from uuid import UUID

from rich.console import Console

from orchestrator.cli.runfile import read_run_file
from orchestrator.cli.stack.credentials import credentials
from orchestrator.cli.stack.plan import DATABASE
from orchestrator.cli.stack.servers import DataFolderError, postgres_url
from orchestrator.core.database import Database
from orchestrator.proof.verify import verify
from orchestrator.settings import Secret
from schema.errors import DatabaseUnavailable


def prove(data: Path, session_id: UUID, console: Console) -> int:
    """1 when log and rows differ. Raises DataFolderError when no stack runs on the folder."""
    return report(database_url(data), session_id, console)


def report(url: Secret, session_id: UUID, console: Console) -> int:
    """As `prove`, of this database."""
    differences = asyncio.run(_differences(url, session_id))
    for line in differences:
        console.print(line, style="red", markup=False)
    if not differences:
        console.print(f"session {session_id}: the rows say what the log says")
    return 1 if differences else 0


def database_url(data: Path) -> Secret:
    run = read_run_file(data)
    ports = {state.name: state.port for state in run.processes} if run else {}
    port = ports.get("postgres")
    if port is None:
        raise DataFolderError(f"nothing runs on {data}: ./lectern up first")
    return postgres_url(port, credentials(data).postgres, DATABASE)


async def _differences(url: Secret, session_id: UUID) -> list[str]:
    database = Database(url, pool_size=1)
    try:
        async with database.system_transaction() as tx:
            return await verify(tx, session_id)
    except DatabaseUnavailable as error:
        return [error.message]
    finally:
        await database.close()
