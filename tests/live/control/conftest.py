"""A school, and an SFU with a bus of its own."""

from typing import Any

import msgspec
import pytest

from orchestrator.cli.stack.ports import free_port
from orchestrator.core.database import Database
from orchestrator.settings import Secret, Settings
from tests.support.school import School, found_school
from tests.support.servers import livekit_with_webhook


@pytest.fixture
def sfu(settings: Settings) -> Any:
    """An SFU whose webhooks reach us, with a bus on which no other test's worker listens."""
    port = free_port()
    with livekit_with_webhook(f"http://127.0.0.1:{port}/api/webhooks/livekit") as livekit:
        yield (
            livekit,
            msgspec.structs.replace(
                settings,
                port=port,
                livekit_url=livekit.url,
                livekit_api_key=livekit.api_key,
                livekit_api_secret=Secret(livekit.api_secret),
            ),
        )


@pytest.fixture
async def school(database: Database) -> School:
    return await found_school(database)
