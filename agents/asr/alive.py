"""`python -m agents.asr.alive`: fails unless the service answers; one that hangs is ended, for its container starts another."""

import asyncio
from pathlib import Path

from agents.asr.client import AsrClient, AsrUnavailable
from orchestrator.settings import load_settings


async def ask(path: Path) -> None:
    """Raises SystemExit."""
    client = AsrClient(path)
    try:
        await client.load()
    except AsrUnavailable as error:
        raise SystemExit(str(error)) from error
    finally:
        await client.close()


if __name__ == "__main__":
    asyncio.run(ask(Path(load_settings().asr_socket)))
