"""`doctor --session` on the database that a run file names."""

from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from orchestrator.cli.__main__ import main
from orchestrator.cli.proof import database_url
from orchestrator.cli.runfile import LiveKitAccess, RunFile, write_run_file
from orchestrator.cli.stack.credentials import credentials
from orchestrator.cli.stack.servers import DataFolderError
from orchestrator.cli.stack.supervisor import ProcessState


def test_it_finds_the_database_of_the_folder(tmp_path: Path) -> None:
    postgres = ProcessState(name="postgres", pid=1, state="healthy", port=5999)
    livekit = LiveKitAccess(url="", api_key="", api_secret="")
    write_run_file(
        tmp_path,
        RunFile(
            web="",
            livekit=livekit,
            accounts=(),
            processes=[postgres],
            state="healthy",
            components={},
        ),
    )
    found = urlsplit(database_url(tmp_path).reveal())
    assert (found.port, found.path) == (5999, "/lectern")
    assert found.password == credentials(tmp_path).postgres_password


def test_without_a_stack_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataFolderError, match=r"\./lectern up"):
        database_url(tmp_path)
    arguments = ["doctor", "--data", str(tmp_path), "--session", str(uuid4())]
    assert main(arguments) == 1
