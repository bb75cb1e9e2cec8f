"""/api/replays: the class afterwards; its programme's poster and live playlist; /media: what signed links open."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, Parameter
from litestar.response import Stream

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database
from orchestrator.recordings.domain import WHOLE_FILM
from orchestrator.recordings.media import Media, Signer, byte_range, mime_type, public_base
from orchestrator.recordings.programmes import Programmes
from orchestrator.recordings.replay import Replays, is_over
from orchestrator.settings import Settings
from schema.errors import Forbidden
from schema.recordings import LivePlaylist, Poster, Replay


class ReplaysController(Controller):
    path = "/api/replays"
    tags = ("replays",)

    @get("/{session_id:uuid}")
    async def replay(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        replays: NamedDependency[Replays],
        signer: NamedDependency[Signer],
        settings: NamedDependency[Settings],
        request: Request[Any, Any, Any],
    ) -> Replay:
        """409 `replay_not_ready` before the end of class; links are absolute and open for ten minutes at most."""
        base = public_base(settings, str(request.base_url))
        return await replays.get(principal, session_id, lambda key: base + signer.steady(key))


class ProgrammesController(Controller):
    path = "/api/sessions/{session_id:uuid}"
    tags = ("sessions",)

    @get("/poster")
    async def session_poster(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        programmes: NamedDependency[Programmes],
        signer: NamedDependency[Signer],
        settings: NamedDependency[Settings],
        request: Request[Any, Any, Any],
    ) -> Poster:
        """What the class looks like, or looked like last."""
        key = await programmes.poster(principal, session_id)
        base = public_base(settings, str(request.base_url))
        return Poster(url=base + signer.link(key) if key else None)

    @get("/programme/playlist")
    async def live_playlist(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        programmes: NamedDependency[Programmes],
        signer: NamedDependency[Signer],
        settings: NamedDependency[Settings],
        request: Request[Any, Any, Any],
    ) -> LivePlaylist:
        """409 `not_on_air` while nothing is, with the session's `status`; ask again when the link has expired."""
        key = await programmes.live(principal, session_id)
        return LivePlaylist(url=public_base(settings, str(request.base_url)) + signer.link(key))


class MediaController(Controller):
    path = "/media"
    include_in_schema = False

    @get("/{key:path}")
    async def media(
        self,
        key: FromPath[str],
        request: Request[Any, Any, Any],
        signer: NamedDependency[Signer],
        media: NamedDependency[Media],
        database: NamedDependency[Database],
        exp: FromQuery[int] = 0,
        sig: Annotated[str, Parameter(max_length=100)] = "",
    ) -> Response[Any]:
        """The link is the right to read; ranges as in RFC 9110."""
        key = key.lstrip("/")
        if not signer.allows(key, exp, sig):
            raise Forbidden("This link is not valid any more; load the page again.")
        kind = mime_type(key)
        if key.endswith(".m3u8"):
            text = await media.playlist(key, over=await is_over(database, key))
            return Response(text.encode(), media_type=kind, headers={"Cache-Control": "no-store"})
        return await _object(media, key, kind, request.headers.get("range"))


async def _object(media: Media, key: str, kind: str, wanted: str | None) -> Response[Any]:
    parts = await media.parts(key)
    size = sum(part.size_bytes for part in parts)
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "private, max-age=600"}
    try:
        found = byte_range(wanted, size)
    except ValueError:
        return Response(
            None, status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"}
        )
    if WHOLE_FILM.search(key):
        headers["Content-Disposition"] = "attachment"
    start, end = found or (0, size)
    headers["Content-Length"] = str(end - start)
    if found:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    body: AsyncIterator[bytes] = media.read(parts, start, end)
    return Stream(body, status_code=206 if found else 200, media_type=kind, headers=headers)
