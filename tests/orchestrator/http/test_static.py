"""The web app's files reach a browser as what they are, and its addresses as its first page."""

from pathlib import Path

import msgspec
import pytest
from litestar.testing import create_test_client

from orchestrator.http.problems import HANDLERS
from orchestrator.http.serving.static import web_routes
from orchestrator.settings import Settings

PAGE = "<!doctype html><title>Lectern</title>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "web" / "assets").mkdir(parents=True)
    (tmp_path / "web" / "index.html").write_text(PAGE)
    (tmp_path / "web" / "assets" / "index-abc.js").write_text("1")
    (tmp_path / "secret.txt").write_text("no")
    return tmp_path / "web"


@pytest.mark.parametrize(
    ("path", "status", "kind", "caching"),
    [
        ("/", 200, "text/html", "no-cache"),
        ("/sessions/1/room", 200, "text/html", "no-cache"),
        ("/assets/index-abc.js", 200, "text/javascript", "immutable"),
        ("/assets/gone.js", 404, "application/json", ""),
        ("/api/nothing", 404, "application/json", ""),
        ("/..%2fsecret.txt", 200, "text/html", "no-cache"),
    ],
)
def test_each_address_has_its_file_kind_and_caching(
    folder: Path, path: str, status: int, kind: str, caching: str
) -> None:
    settings = msgspec.structs.replace(Settings(), web_dir=str(folder))
    with create_test_client([web_routes(settings)], exception_handlers=HANDLERS) as client:
        reply = client.get(path)
    assert reply.status_code == status
    assert reply.headers["content-type"].startswith(kind)
    assert caching in reply.headers.get("cache-control", "")
    assert reply.text != "no"
    if kind == "text/html":
        assert reply.text == PAGE


def test_without_a_build_it_says_how_to_make_one(tmp_path: Path) -> None:
    settings = msgspec.structs.replace(Settings(), web_dir=str(tmp_path))
    with create_test_client([web_routes(settings)]) as client:
        reply = client.get("/")
    assert reply.status_code == 503
    assert "./lectern up" in reply.text
