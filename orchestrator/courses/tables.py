"""Courses and their lessons."""

import sqlalchemy as sa

from orchestrator.core.database import metadata, time_column, uuid_column

courses = sa.Table(
    "courses",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", sa.ForeignKey("tenants.id"), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False, server_default=""),
    # Every student of the tenant is in it, and so is who becomes one.
    sa.Column("enrols_everybody", sa.Boolean, nullable=False, server_default=sa.false()),
    time_column("archived_at"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    time_column("created_at", nullable=False),
    sa.UniqueConstraint("tenant_id", "id"),
)

lessons = sa.Table(
    "lessons",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("course_id", nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("order", sa.Integer, nullable=False),
    sa.Column("description", sa.Text, nullable=False, server_default=""),
    time_column("archived_at"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    time_column("created_at", nullable=False),
    sa.UniqueConstraint("tenant_id", "id"),
    # Deferrable: then it is checked at the end of a statement, and one statement can move them all.
    sa.UniqueConstraint("course_id", "order", deferrable=True),
    sa.ForeignKeyConstraint(["tenant_id", "course_id"], ["courses.tenant_id", "courses.id"]),
    sa.Index(None, "tenant_id", "course_id"),
)
