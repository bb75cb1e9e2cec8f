"""`python -m pipelines`: the process that makes artifacts after a class."""

import asyncio

from orchestrator.core.logs import configure_logs
from orchestrator.settings import load_settings
from pipelines.worker import serve

if __name__ == "__main__":
    settings = load_settings()
    configure_logs(settings)
    asyncio.run(serve(settings))
