"""The web app: its built files, and its first page for every address that only the browser knows."""

from pathlib import Path

from litestar import Response, Router, get
from litestar.params import FromPath
from litestar.response import File

from orchestrator.settings import Settings
from schema.errors import NotFound

INDEX = "index.html"
# The build puts a hash of the content into these names.
HASHED = "assets/"
FOREVER = "public, max-age=31536000, immutable"
NOT_BUILT = "The web app is not built yet: run ./lectern up, or npm ci && npm run build in web/.\n"


def web_routes(settings: Settings) -> Router:
    root = Path(settings.web_dir).resolve()

    def index() -> File | Response[str]:
        if not (root / INDEX).is_file():
            return Response(NOT_BUILT, status_code=503, media_type="text/plain")
        return _file(root / INDEX, "no-cache")

    @get("/", include_in_schema=False)
    async def first_page() -> File | Response[str]:
        return index()

    @get("/{file:path}", include_in_schema=False)
    async def any_page(file: FromPath[Path]) -> File | Response[str]:
        wanted = str(file).lstrip("/")
        if wanted.startswith(("api/", "media/")):
            raise NotFound("There is nothing at this address.")
        path = (root / wanted).resolve()
        if path.is_relative_to(root) and path.is_file():
            return _file(path, FOREVER if wanted.startswith(HASHED) else "no-cache")
        if wanted.startswith(HASHED):
            raise NotFound("There is nothing at this address.")
        return index()

    return Router("/", route_handlers=[first_page, any_page])


def _file(path: Path, caching: str) -> File:
    # Without its name Litestar sends every file as a nameless download.
    return File(
        path,
        filename=path.name,
        content_disposition_type="inline",
        headers={"Cache-Control": caching},
    )
