"""`python -m orchestrator` as a supervisor runs it: settings from the environment, away on SIGTERM."""

import asyncio
import signal
import sys
from pathlib import Path

import httpx
import msgspec

from orchestrator.cli.stack.ports import free_port
from orchestrator.core.database import Database
from orchestrator.settings import Secret, Settings, variable
from tests.support.school import Caller, found_school
from tests.support.streams import streaming

ROOT = Path(__file__).parents[2]


def environment(settings: Settings) -> dict[str, str]:
    values = {name: getattr(settings, name) for name in Settings.__struct_fields__}
    return {
        variable(name): value.reveal() if isinstance(value, Secret) else str(value)
        for name, value in values.items()
    }


async def until_live(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                (await http.get("/api/health/live")).raise_for_status()
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                return


async def test_it_serves_and_leaves_when_told(settings: Settings, database: Database) -> None:
    school = await found_school(database)
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "orchestrator",
        cwd=ROOT,
        env=environment(msgspec.structs.replace(settings, port=port)),
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as http:
            await until_live(http)
            assert (await http.get("/api/health")).status_code == 200
            headers = {"Authorization": f"Bearer {school.teacher.token}"}
            assert (await http.get("/api/sessions", headers=headers)).json() == {"items": []}
            session_id = await Caller(http).new_session(school)
            address = f"/api/sessions/{session_id}/events/stream"
            async with streaming(http, address, headers) as stream:
                assert await stream.payloads(1)
                process.send_signal(signal.SIGTERM)
                assert await stream.next(within_s=30) is None
        _, log = await asyncio.wait_for(process.communicate(), timeout=30)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode in {0, -signal.SIGTERM}
    lines = [msgspec.json.decode(line) for line in log.splitlines()]
    assert lines
    assert [line for line in lines if line["level"] == "error"] == []
    for name in ("internal_token", "encryption_key", "livekit_api_secret"):
        assert getattr(settings, name).reveal().encode() not in log
