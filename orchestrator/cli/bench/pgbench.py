"""What PostgreSQL itself gives: the statements of one append, from its own load generator, with the same durability."""

import asyncio
import re
from pathlib import Path
from urllib.parse import urlsplit

from orchestrator.cli.ground.stack import Ground
from orchestrator.courses.seed import TENANT_ID

TPS = re.compile(r"tps = ([\d.]+) \(without initial connection time\)")

# As orchestrator/core/log: lock the head, look the key up in a fresh statement, insert and move the head, commit.
SCRIPT = """
\\set n random(:first, :last)
\\set key random(1, 1000000000000000)
begin;
select last_sequence from sessions
 where id = lpad(to_hex(:n::int), 32, '0')::uuid and tenant_id = '{tenant}' for update \\gset
select * from session_state_events
 where session_id = lpad(to_hex(:n::int), 32, '0')::uuid and idempotency_key = 'pgbench:' || :key::text || '#0';
with written as (
 insert into session_state_events
  (id, tenant_id, session_id, sequence, event_type, event_payload, created_at, idempotency_key)
 values (uuidv7(), '{tenant}', lpad(to_hex(:n::int), 32, '0')::uuid, :last_sequence::int + 1, 'chat.sent',
  '{payload}', now(), 'pgbench:' || :key::text || '#0'))
update sessions set last_sequence = :last_sequence::int + 1 where id = lpad(to_hex(:n::int), 32, '0')::uuid;
commit;
"""


class PgbenchFailed(Exception):
    """It gave no figure; the message is what it said."""


async def transactions_per_s(
    here: Ground, payload: str, first: int, last: int, clients: int, seconds: int
) -> float:
    """Over the sessions `first` to `last`. Raises PgbenchFailed."""
    script = here.data / "append.sql"
    script.write_text(SCRIPT.format(tenant=TENANT_ID, payload=payload))
    program = here.components.postgres.path.with_name("pgbench")
    options = ["--no-vacuum", "--protocol=prepared", f"--client={clients}", f"--time={seconds}"]
    places = [f"--define=first={first}", f"--define=last={last}", f"--file={script}"]
    return await _run(here, program, [*options, "--jobs=2", *places])


async def _run(here: Ground, program: Path, options: list[str]) -> float:
    url = urlsplit(here.settings.database_url.reveal())
    process = await asyncio.create_subprocess_exec(
        program,
        f"--host={url.hostname}",
        f"--port={url.port}",
        f"--username={url.username}",
        *options,
        url.path.removeprefix("/"),
        env={"PGPASSWORD": url.password or ""},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await process.communicate())[0].decode()
    found = TPS.search(said)
    if found is None:
        raise PgbenchFailed(said[-2000:])
    return float(found[1])
