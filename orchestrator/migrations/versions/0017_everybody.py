"""Whether all students of the tenant are enrolled is said by each course; new courses begin with what the tenant says."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

# Until now the tenant said it, for the courses made from then on.
AS_THE_TENANT_SAID = """
update courses set enrols_everybody = tenants.enrols_everybody
from tenants where tenants.id = courses.tenant_id
"""


def upgrade() -> None:
    op.add_column(
        "courses",
        sa.Column("enrols_everybody", sa.Boolean(), server_default="false", nullable=False),
    )
    op.execute(AS_THE_TENANT_SAID)
