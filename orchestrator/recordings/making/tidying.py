"""Objects that no version names: what a worker stored after it had lost its lease, and what was redacted."""

from collections.abc import Collection

import structlog

from orchestrator.core.storage import Storage
from schema.errors import StorageUnavailable

log = structlog.get_logger(__name__)


async def tidy(storage: Storage, folder: str, kept: Collection[str]) -> None:
    """Deletes what lies in `folder` and belongs to none of the `kept` keys; a store that is away is tidied next time."""
    stems = tuple(name.removesuffix(".json") + "." for name in kept)
    try:
        found = await storage.list(folder)
        await storage.delete([name for name in found if not name.startswith(stems)])
    except StorageUnavailable as error:
        log.warning("not tidied", folder=folder, error=error.code)
