"""deploy/proxy.conf.template, rendered as nginx's image does it, before a real control plane and livekit-server."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import aiohttp
import httpx
import pytest
from aiohttp import web
from livekit.protocol.rtc import SignalResponse
from msgspec.structs import replace

from orchestrator.cli.stack.ports import free_port
from orchestrator.core.database import Database
from orchestrator.settings import Settings
from tests.orchestrator.realtime.test_stream import live_session, path, say
from tests.support.certificates import Authority
from tests.support.nginx import HAS_NGINX, nginx
from tests.support.school import Caller, School, bearer
from tests.support.served import serve
from tests.support.signing_in import give_password, sign_in
from tests.support.streams import streaming

TEMPLATE = Path(__file__).parents[3] / "deploy" / "proxy.conf.template"

pytestmark = pytest.mark.skipif(not HAS_NGINX, reason="nginx is not installed")


class Front(NamedTuple):
    """Where the proxy listens, and whom one has to trust to call it."""

    url: str
    plain_url: str
    authority: Authority

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority.file))

    def calling(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, verify=self.trust(), timeout=10)


@pytest.fixture
def front(tmp_path: Path) -> Front:
    """Nothing listens there yet."""
    url, plain_url = (f"{scheme}://localhost:{free_port()}" for scheme in ("https", "http"))
    return Front(url, plain_url, Authority(tmp_path))


@contextmanager
def proxy(folder: Path, front: Front, control_port: int, livekit: str) -> Iterator[None]:
    secure, plain = urlsplit(front.url), urlsplit(front.plain_url)
    certificate = front.authority.issue("localhost")
    values = {
        "LECTERN_PUBLIC_URL": front.url,
        "PROXY_HTTP": plain.netloc,
        "PROXY_HTTPS": secure.netloc,
        "PROXY_CERTIFICATE": str(certificate.chain),
        "PROXY_KEY": str(certificate.key),
        "PROXY_CONTROL": f"127.0.0.1:{control_port}",
        "PROXY_LIVEKIT": livekit,
    }
    servers = re.sub(r"\$\{(\w+)\}", lambda name: values[name[1]], TEMPLATE.read_text())
    assert secure.port
    with nginx(folder, f"http {{ {servers} }}", secure.port):
        yield


async def echo(request: web.Request) -> web.Response:
    """What came of a request: where it was sent to, and its headers."""
    return web.json_response({"path": request.path_qs, **request.headers})


@pytest.fixture
async def echoing(tmp_path: Path, front: Front) -> AsyncIterator[httpx.AsyncClient]:
    """Calls a proxy behind which everything is an echo."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", echo)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    with proxy(tmp_path, front, port, f"127.0.0.1:{port}"):
        async with front.calling() as http:
            yield http
    await runner.cleanup()


@pytest.fixture
def behind(settings: Settings, front: Front) -> Settings:
    """As compose.yaml has them."""
    return replace(
        settings,
        mode="production",
        port=free_port(),
        public_url=front.url,
        livekit_internal_url=settings.livekit_url,
        livekit_url=front.url.replace("https", "wss"),
        trusted_proxies="127.0.0.1",
    )


@pytest.fixture
async def caller(
    tmp_path: Path, front: Front, behind: Settings, database: Database
) -> AsyncIterator[Caller]:
    """Past the proxy as everybody does; the control plane and livekit-server behind it are real."""
    livekit = urlsplit(behind.livekit_internal_url).netloc
    async with serve(behind):
        with proxy(tmp_path, front, behind.port, livekit):
            async with front.calling() as http:
                yield Caller(http, behind.internal_token.reveal())


async def test_a_browser_signs_in_by_a_cookie_of_this_host_alone(
    caller: Caller, school: School, database: Database, front: Front
) -> None:
    caller.http.headers["Origin"] = front.url
    reply = await sign_in(caller.http, await give_password(database, school.teacher))
    kept = {cookie.name: cookie for cookie in caller.http.cookies.jar}
    assert (kept["__Host-lectern"].secure, kept["__Host-lectern"].path) == (True, "/")
    assert "max-age=" in reply.headers["strict-transport-security"]
    assert (await caller.http.get("/api/auth/me")).status_code == 200


async def test_a_class_goes_on_through_it(
    caller: Caller, school: School, front: Front, behind: Settings
) -> None:
    """Events come while the stream is open, and LiveKit's signalling answers who has a token."""
    session_id = await live_session(caller, school)
    async with streaming(caller.http, path(session_id), bearer(school.teacher)) as stream:
        await stream.payloads(3)
        await say(caller, school.teacher, session_id, "Good morning.")
        ((_, said),) = await stream.payloads(1)
        assert said["payload"]["content"] == "Good morning."
    seat = (await caller.command("join", school.student, session_id)).json()["livekit"]
    assert seat["url"] == behind.livekit_url
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(
            f"{seat['url']}/rtc?protocol=15&auto_subscribe=1&access_token={seat['token']}",
            ssl=front.trust(),
        ) as signalling,
    ):
        first = SignalResponse.FromString(await signalling.receive_bytes(timeout=10))
    assert first.join.participant.name == "Student"


@pytest.mark.parametrize(
    "path",
    ["/api/internal/rooms/one", "/api/webhooks/livekit", "/metrics", "/api//internal/rooms/one"],
)
async def test_what_is_for_inside_stays_inside(echoing: httpx.AsyncClient, path: str) -> None:
    reply = await echoing.get(path)
    assert (reply.status_code, reply.headers["server"][:5]) == (404, "nginx")


async def test_livekits_server_api_is_not_reached(caller: Caller) -> None:
    reply = await caller.http.post("/twirp/livekit.RoomService/ListRooms", json={})
    assert (reply.status_code, reply.json()["code"]) == (405, "method_not_allowed")


async def test_nobody_says_of_himself_where_he_comes_from(echoing: httpx.AsyncClient) -> None:
    lies = {"X-Forwarded-For": "8.8.8.8", "X-Forwarded-Proto": "http", "Upgrade": "h2c"}
    heard = (await echoing.get("/api/health?a=%2F", headers=lies)).json()
    assert heard["X-Forwarded-For"] == "127.0.0.1"
    assert heard["X-Forwarded-Proto"] == "https"
    assert heard["path"] == "/api/health?a=%2F"
    assert heard["Host"] == echoing.base_url.netloc.decode()
    assert "Upgrade" not in heard


async def test_plain_http_is_sent_to_https(echoing: httpx.AsyncClient, front: Front) -> None:
    reply = await echoing.get(f"{front.plain_url}/classes?after=1")
    assert reply.status_code == 301
    assert reply.headers["location"] == f"{front.url}/classes?after=1"


async def test_what_is_too_large_is_refused_before_it_has_come(
    caller: Caller, school: School, front: Front
) -> None:
    """By the control plane itself, which says so as always; of a gigabyte only the first words are sent."""
    where = urlsplit(front.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port, ssl=front.trust())
    lines = [
        "POST /api/chat HTTP/1.1",
        f"Host: {where.netloc}",
        f"Authorization: Bearer {school.teacher.token}",
        "Idempotency-Key: one",
        "Content-Type: application/json",
        f"Content-Length: {1 << 30}",
    ]
    writer.write("\r\n".join([*lines, "", '{"content": "']).encode())
    async with asyncio.timeout(10):
        status = await reader.readline()
    writer.close()
    assert status.split()[1] == b"413"


async def test_browsers_are_offered_http_2(echoing: httpx.AsyncClient, front: Front) -> None:
    where, trust = urlsplit(front.url), front.trust()
    trust.set_alpn_protocols(["h2", "http/1.1"])
    _, writer = await asyncio.open_connection(where.hostname, where.port, ssl=trust)
    assert writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2"
    writer.close()
