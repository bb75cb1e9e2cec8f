"""How long a search takes over a thousand hours of transcript, for somebody enrolled in the course."""

from itertools import cycle, islice

import sqlalchemy as sa

from orchestrator.cli.ground import classes
from orchestrator.cli.ground.crowd import gather_crowd
from orchestrator.cli.ground.load import Plan, Request, put
from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.core.database import Database
from orchestrator.courses.seed import TENANT_ID

FIRST_CLASS, CLASSES = 3_000, 500
# Two hours each, a cue of twelve words every five seconds.
CUES, CUE_MS = 1_440, 5_000
HOURS = CLASSES * CUES * CUE_MS // 3_600_000
# Words as language has them: word n of 30,000 comes about as often as one in n (Zipf).
FILL = """
insert into search_entries (tenant_id, session_id, kind, source_id, start_ms, text, speaker)
select :tenant, lpad(to_hex(:first + class), 32, '0')::uuid, 'transcript', 'SG_' || cue, cue * :cue_ms, said.text, 'Ada'
  from generate_series(0, :classes - 1) class,
       generate_series(1, :cues) cue,
       lateral (
         select string_agg('word' || floor(power(30000, random()))::int, ' ') as text
           from generate_series(1, 12 + class * 0 + cue * 0)
       ) said
"""
# The commonest words, ones a class is about, rare ones, several at once, a phrase, and what nobody said.
QUESTIONS = (
    "word1",
    "word7",
    "word120",
    "word4000",
    "word25000",
    "word1+word2",
    "word30+word900",
    "%22word1+word2%22",
    "word300+or+word301",
    "word5+-word1",
    "nobody",
)
LOOKS = 220
P95_BAR_MS = 100.0


async def measure(here: Ground) -> list[Figure]:
    database = Database(here.settings.database_url, pool_size=2)
    try:
        await _fill(database)
        (student,) = await gather_crowd(database, 1)
    finally:
        await database.close()
    asked = islice(cycle(QUESTIONS), LOOKS)
    requests = [Request(f"/api/search?q={q}", headers=student.headers) for q in asked]
    load = await put(Plan(here.settings.control_url, requests, clients=1, seconds=60))
    if set(load.statuses) != {200}:
        raise RuntimeError(f"searches were answered with {load.statuses}")
    return [
        Figure(
            key="search_p95_ms",
            what=f"search over {HOURS:,} hours of transcript, by HTTP, p95",
            value=load.percentile_ms(0.95),
            unit="ms",
            bar=P95_BAR_MS,
            least=False,
        )
    ]


async def _fill(database: Database) -> None:
    ids = await classes.schedule(database, FIRST_CLASS, CLASSES)
    values = {"tenant": TENANT_ID, "first": FIRST_CLASS, "cues": CUES, "cue_ms": CUE_MS}
    async with database.system_transaction() as tx:
        await tx.execute(
            sa.text("update sessions set status = 'ended' where id = any(:ids)"), {"ids": ids}
        )
    for start in range(0, CLASSES, 25):
        part = {**values, "first": FIRST_CLASS + start, "classes": 25}
        async with database.system_transaction() as tx:
            await tx.execute(sa.text(FILL), part)
    async with database.system_transaction() as tx:
        await tx.execute(sa.text("analyze search_entries"))
