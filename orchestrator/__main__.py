"""`python -m orchestrator`: the control plane."""

from typing import Any

import uvicorn

from orchestrator.app import create_app
from orchestrator.core.logs import configure_logs
from orchestrator.settings import Settings, load_settings

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
        **behind_proxies(settings),
    )


def behind_proxies(settings: Settings) -> dict[str, Any]:
    """Left to itself uvicorn believes any X-Forwarded-For that comes from this machine."""
    trusted = settings.trusted_proxies
    return {"proxy_headers": bool(trusted), "forwarded_allow_ips": trusted}


if __name__ == "__main__":
    main()
