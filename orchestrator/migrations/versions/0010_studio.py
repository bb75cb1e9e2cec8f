"""Studio: scenes, uploads and what is drawn."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    create_scenes()
    create_assets()
    create_strokes()


def create_scenes() -> None:
    op.create_table(
        "studio_scenes",
        *of_a_session("studio_scenes"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("metadata", postgresql.JSONB(), nullable=False),
        sa.Column("assets", postgresql.ARRAY(sa.UUID()), server_default="{}", nullable=False),
        sa.Column("slide", postgresql.JSONB(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_scenes")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_studio_scenes_tenant_id_id")),
    )
    op.create_index(op.f("ix_studio_scenes_session_id"), "studio_scenes", ["session_id"])
    op.create_index(
        "ix_studio_scenes_active",
        "studio_scenes",
        ["session_id"],
        unique=True,
        postgresql_where=sa.text("active"),
    )


def create_assets() -> None:
    op.create_table(
        "studio_assets",
        *of_a_session("studio_assets"),
        sa.Column("scene_id", sa.UUID(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("pages", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            "type in ('slide', 'whiteboard', 'image')", name=op.f("ck_studio_assets_type")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "scene_id"],
            ["studio_scenes.tenant_id", "studio_scenes.id"],
            name=op.f("fk_studio_assets_tenant_id_scene_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_assets")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_studio_assets_tenant_id_id")),
    )
    for column in ("session_id", "scene_id"):
        op.create_index(op.f(f"ix_studio_assets_{column}"), "studio_assets", [column])


def create_strokes() -> None:
    op.create_table(
        "whiteboard_strokes",
        *of_a_session("whiteboard_strokes"),
        sa.Column("board_id", sa.UUID(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("color", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("points", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_whiteboard_strokes_tenant_id_user_id"),
        ),
        sa.PrimaryKeyConstraint("session_id", "id", name=op.f("pk_whiteboard_strokes")),
    )
    order = ["session_id", "board_id", "page", "sequence", "position"]
    op.create_index(op.f(f"ix_whiteboard_strokes_{'_'.join(order)}"), "whiteboard_strokes", order)


def of_a_session(table: str) -> list[sa.schema.SchemaItem]:
    """What the three have in common."""
    return [
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["sessions.tenant_id", "sessions.id"],
            name=op.f(f"fk_{table}_tenant_id_session_id"),
        ),
    ]
