"""`python -m orchestrator.cli.stack.prepare`: the database, its tables and the demo tenant, before the control plane starts."""

import asyncio
import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from orchestrator.cli.stack import binaries, servers
from orchestrator.cli.stack.credentials import credentials
from orchestrator.settings import Secret, Settings, data_dir, load_settings


def is_prepared(data: Path) -> bool:
    """Whether the last run of this module did all that today's code would do; saves Alembic's import at each start."""
    stamp = data / "prepared"
    return stamp.exists() and stamp.read_text() == fingerprint()


def fingerprint() -> str:
    package = binaries.ROOT / "orchestrator"
    digest = hashlib.sha256()
    seeds = [package / "auth" / "seed.py", package / "courses" / "seed.py"]
    for path in sorted([*(package / "migrations").rglob("*.py"), *seeds]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


async def prepare(settings: Settings) -> None:
    # Imported here: the supervisor asks is_prepared and needs no SQLAlchemy for that.
    from orchestrator.courses.seed import seed_demo  # noqa: PLC0415
    from orchestrator.migrations.run import upgrade  # noqa: PLC0415

    url = urlsplit(settings.database_url.reveal())
    await servers.ensure_database(url.port or 5432, Secret(url.password or ""), url.path[1:])
    await asyncio.to_thread(upgrade, settings.database_url)
    await seed_demo(settings, credentials(data_dir(settings)).accounts)


def main() -> None:
    settings = load_settings()
    asyncio.run(prepare(settings))
    (data_dir(settings) / "prepared").write_text(fingerprint())


if __name__ == "__main__":
    main()
