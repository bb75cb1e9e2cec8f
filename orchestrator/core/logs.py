"""Logs go to standard error: lines of JSON, or coloured text where a person watches."""

import logging
import sys
from typing import Any

import structlog

from orchestrator.settings import Settings


def configure_logs(settings: Settings) -> None:
    """For structlog and for libraries that use logging; call it once, before anything logs."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer = _renderer()
    structlog.configure(
        processors=[*shared, *renderer],
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    # One line per request, with its address: the callers log what matters.
    logging.getLogger("httpx2").setLevel(logging.WARNING)


def _renderer() -> list[Any]:
    if sys.stderr.isatty():
        # The default would print every local variable: speech, leases, whole rows.
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
