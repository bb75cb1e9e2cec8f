"""`python -m orchestrator`: the control plane."""

import uvicorn

from orchestrator.app import create_app
from orchestrator.core.logs import configure_logs
from orchestrator.settings import load_settings

# Whoever is still connected then is an agent in its long poll, and comes back by itself.
LONG_POLL_GRACE_S = 2


def main() -> None:
    settings = load_settings()
    configure_logs(settings)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=LONG_POLL_GRACE_S,
    )


if __name__ == "__main__":
    main()
