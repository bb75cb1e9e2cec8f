"""How each school looks; one without a row looks as Lectern does."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from orchestrator.core.database import metadata, uuid_column

branding = sa.Table(
    "branding",
    metadata,
    uuid_column("tenant_id", sa.ForeignKey("tenants.id"), primary_key=True),
    sa.Column("primary_color", sa.Text, nullable=False),
    sa.Column("accent_color", sa.Text, nullable=False),
    # Object key and size of the picture: {key, widthPx, heightPx}.
    sa.Column("logo", JSONB),
)
