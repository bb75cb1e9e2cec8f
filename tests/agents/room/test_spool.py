"""Reports on disk: in order, none lost, whatever moment the process dies in."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.spool import Spool, SpoolInUse

records = st.lists(st.binary(min_size=1, max_size=30).filter(lambda r: b"\n" not in r), max_size=20)

KILLED = """
import os, signal, sys
from pathlib import Path
from agents.spool import Spool
spool = Spool(Path(sys.argv[1]))
for number in range(50):
    spool.append(b"report %d" % number)
os.kill(os.getpid(), signal.SIGKILL)
"""


def reopened(path: Path) -> list[bytes]:
    spool = Spool(path)
    waiting = spool.peek(1000)
    spool.close()
    return waiting


@settings(deadline=None)  # it writes files, on machines with slow disks too
@given(records, st.integers(0, 20))
def test_what_was_not_delivered_is_there_after_a_restart(
    tmp_path_factory: pytest.TempPathFactory, written: list[bytes], delivered: int
) -> None:
    path = tmp_path_factory.mktemp("spool") / "a.jsonl"
    spool = Spool(path)
    for record in written:
        spool.append(record)
    spool.settle(min(delivered, len(written)))
    left = spool.peek(1000)
    spool.close()
    again = reopened(path)
    # Delivery is idempotent, so records may come back, but only all of them and in order.
    assert again == (written if left else [])
    assert left == written[delivered:]


def test_a_line_cut_short_by_death_never_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"one\ntwo\nthr")
    spool = Spool(path)
    spool.append(b"three")
    assert spool.peek(9) == [b"one", b"two", b"three"]
    spool.close()
    assert path.read_bytes() == b"one\ntwo\nthree\n"


def test_a_spool_has_one_writer(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "a.jsonl")
    with pytest.raises(SpoolInUse):
        Spool(tmp_path / "a.jsonl")
    spool.close()
    Spool(tmp_path / "a.jsonl").close()


def test_nothing_is_left_of_a_spool_that_was_emptied(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "a.jsonl")
    spool.append(b"one")
    spool.settle(1)
    spool.close()
    assert list(tmp_path.iterdir()) == []


def test_kill_loses_no_report_that_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    root = str(Path(__file__).parents[3])
    died = subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=root, check=False)
    assert died.returncode == -signal.SIGKILL
    assert reopened(path) == [b"report %d" % number for number in range(50)]
