"""Row-level security on every table: a member's transaction sees and writes its own tenant only."""

from orchestrator.migrations.walls import make_role, raise_walls

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    make_role()
    raise_walls()
