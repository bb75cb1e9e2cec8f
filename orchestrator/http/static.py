"""The web app: its built files, and its first page for every address that only the browser knows."""

from pathlib import Path

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import File

from orchestrator.settings import Settings
from schema.errors import NotFound

INDEX = "index.html"
# The build puts a hash of the content into these names.
HASHED = "assets/"
FOREVER = "public, max-age=31536000, immutable"
NOT_BUILT = "The web app is not built yet: run ./lectern up, or npm ci && npm run build in web/.\n"


def web_routes(settings: Settings) -> HTTPRouteHandler:
    root = Path(settings.web_dir).resolve()

    @get(["/", "/{file:path}"], include_in_schema=False)
    async def web(file: Path | None = None) -> File | Response[str]:
        wanted = str(file or "").lstrip("/")
        if wanted.startswith(("api/", "media/")):
            raise NotFound("There is nothing at this address.")
        path = (root / wanted).resolve()
        if wanted and path.is_relative_to(root) and path.is_file():
            caching = FOREVER if wanted.startswith(HASHED) else "no-cache"
            return _file(path, caching)
        if wanted.startswith(HASHED):
            raise NotFound("There is nothing at this address.")
        if not (root / INDEX).is_file():
            return Response(NOT_BUILT, status_code=503, media_type="text/plain")
        return _file(root / INDEX, "no-cache")

    return web


def _file(path: Path, caching: str) -> File:
    return File(path, content_disposition_type="inline", headers={"Cache-Control": caching})
