"""Tenants, their people, roles and sign-ins."""

import sqlalchemy as sa

from orchestrator.core.database import metadata, time_column, uuid_column

tenants = sa.Table(
    "tenants",
    metadata,
    uuid_column("id", primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    # Whether every student of the tenant is enrolled in each new course.
    sa.Column("enrols_everybody", sa.Boolean, nullable=False, server_default=sa.false()),
)

users = sa.Table(
    "users",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", sa.ForeignKey("tenants.id"), nullable=False),
    # Login names no tenant, so an address is one account in the whole installation.
    sa.Column("email", sa.Text, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    # Empty while nobody has chosen one: it fits nothing.
    sa.Column("hashed_password", sa.Text, nullable=False),
    time_column("created_at", nullable=False, server_default=sa.text("now()")),
    time_column("disabled_at", nullable=True),
    sa.Column("destinations_default", sa.Text, nullable=False, server_default="all_off"),
    sa.CheckConstraint(
        "destinations_default in ('all_on', 'all_off')", name="destinations_default"
    ),
    sa.UniqueConstraint("tenant_id", "id"),
    sa.CheckConstraint("email = lower(email)", name="email_lower"),
    # Guests come by an invitation: they have neither an address nor a password.
    sa.Column("guest", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.CheckConstraint("guest = (email is null)", name="guest"),
)

roles = sa.Table(
    "roles",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", sa.ForeignKey("tenants.id"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.UniqueConstraint("tenant_id", "id"),
    sa.UniqueConstraint("tenant_id", "name"),
    sa.CheckConstraint("name in ('teacher', 'student', 'assistant', 'admin')", name="name"),
)

user_roles = sa.Table(
    "user_roles",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("user_id", nullable=False),
    uuid_column("role_id", nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    uuid_column("scope_id", nullable=True),
    sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["users.tenant_id", "users.id"]),
    sa.ForeignKeyConstraint(["tenant_id", "role_id"], ["roles.tenant_id", "roles.id"]),
    sa.UniqueConstraint(
        "user_id", "role_id", "scope", "scope_id", postgresql_nulls_not_distinct=True
    ),
    sa.CheckConstraint("scope in ('tenant', 'course', 'session')", name="scope"),
    sa.CheckConstraint("(scope = 'tenant') = (scope_id is null)", name="scope_id"),
    # A role in a course is the enrolment in it: one per person.
    sa.Index(
        "uq_user_roles_course",
        "user_id",
        "scope_id",
        unique=True,
        postgresql_where=sa.text("scope = 'course'"),
    ),
    sa.Index(
        "ix_user_roles_scope_id",
        "tenant_id",
        "scope_id",
        postgresql_where=sa.text("scope_id is not null"),
    ),
)

auth_sessions = sa.Table(
    "auth_sessions",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("user_id", nullable=False),
    # SHA-256 of the token: whoever reads this table cannot sign in with it.
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    time_column("created_at", nullable=False),
    time_column("last_seen_at", nullable=False, server_default=sa.text("now()")),
    time_column("expires_at", nullable=False, index=True),
    sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["users.tenant_id", "users.id"]),
    sa.Index("ix_auth_sessions_tenant_id_user_id", "tenant_id", "user_id"),
)

password_links = sa.Table(
    "password_links",
    metadata,
    # One a person: a new link ends the one before.
    uuid_column("user_id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    time_column("expires_at", nullable=False),
    sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["users.tenant_id", "users.id"]),
)

user_identities = sa.Table(
    "user_identities",
    metadata,
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("user_id", nullable=False),
    time_column("created_at", nullable=False),
    sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["users.tenant_id", "users.id"]),
    # Two people at an issuer never share an account here, whatever address they show.
    sa.UniqueConstraint("user_id", "issuer"),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("user_id", nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("prefix", sa.Text, nullable=False),
    sa.Column("secret_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    uuid_column("scope_id", nullable=True),
    time_column("created_at", nullable=False),
    time_column("last_used_at", nullable=True),
    time_column("expires_at", nullable=True),
    sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["users.tenant_id", "users.id"]),
    sa.CheckConstraint("role in ('teacher', 'student', 'assistant', 'admin')", name="role"),
    sa.CheckConstraint("scope in ('tenant', 'course', 'session')", name="scope"),
    sa.CheckConstraint("(scope = 'tenant') = (scope_id is null)", name="scope_id"),
    sa.Index("ix_api_keys_tenant_id_user_id", "tenant_id", "user_id"),
)
