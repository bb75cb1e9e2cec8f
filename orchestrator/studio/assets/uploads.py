"""The routes that take files, with a limit of their own: every other body is small."""

import asyncio
from typing import Any

from litestar import Controller, Router
from litestar.datastructures import UploadFile

from orchestrator.settings import Settings

# What a form holds beside the file.
FORM_BYTES = 64 * 1024
CHUNK_BYTES = 1024 * 1024


def upload_routes(settings: Settings, controllers: list[type[Controller]]) -> Router:
    limit = settings.upload_max_mb * 1024**2 + FORM_BYTES
    return Router("/", route_handlers=controllers, request_max_body_size=limit)


async def copy(upload: UploadFile, file: Any) -> None:
    """To a file with a name, which the child can open."""
    while chunk := await upload.read(CHUNK_BYTES):
        await asyncio.to_thread(file.write, chunk)
    file.flush()
