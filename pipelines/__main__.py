"""`python -m pipelines`: the process that makes artifacts after a class."""

import asyncio
import os

from orchestrator.core.logs import configure_logs
from orchestrator.settings import load_settings
from pipelines.process.limits import stand_back


def main() -> None:
    # One job, one core: numpy's BLAS reads this when it is loaded, here and in the children.
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.putenv(f"{library}_NUM_THREADS", "1")
    from pipelines.worker import serve  # noqa: PLC0415 after the limits above

    stand_back()
    settings = load_settings()
    configure_logs(settings)
    asyncio.run(serve(settings))


if __name__ == "__main__":
    main()
