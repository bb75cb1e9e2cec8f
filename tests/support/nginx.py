"""nginx, in one process and in front: gone with the test that started it."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.support.waiting import wait_until_open

HAS_NGINX = shutil.which("nginx") is not None

FRAME = """
daemon off; master_process off; user root;
pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 64; }}
"""


@contextlib.contextmanager
def nginx(folder: Path, config: str, port: int) -> Iterator[None]:
    """With these blocks and directives, once it listens on `port`; what it says is in `folder`/error.log."""
    file = folder / "nginx.conf"
    # Modules are loaded before anything else is said.
    file.write_text(config + FRAME.format(folder=folder))
    process = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(file)])
    try:
        wait_until_open(port)
        yield
    finally:
        process.terminate()
        process.wait(10)
