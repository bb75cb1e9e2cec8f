"""Brings a database to the newest schema; safe to call from several replicas at once."""

import asyncio
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from orchestrator.settings import Secret

# Any constant will do: it only has to be the same for everyone who migrates.
LOCK_KEY = 5_004_311


def upgrade(database_url: Secret, to: str = "head") -> None:
    """Runs its own event loop; all migrations in one transaction, so a failed one leaves nothing."""
    asyncio.run(_upgrade(database_url, to))


async def _upgrade(database_url: Secret, to: str) -> None:
    engine = create_async_engine(database_url.reveal(), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_KEY)))
            await connection.run_sync(_run, to)
    finally:
        await engine.dispose()


def _run(connection: sa.Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
