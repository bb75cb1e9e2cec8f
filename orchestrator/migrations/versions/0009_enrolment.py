"""Enrolment: one role per person and course; lessons in one order; what is archived; how often something was edited."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

# Of several roles in one course the highest stays.
ONE_ROLE_A_COURSE = """
delete from user_roles using (
  select ur.id, row_number() over (
    partition by ur.user_id, ur.scope_id
    order by array_position(array['admin', 'teacher', 'assistant', 'student'], r.name)
  ) as rank
  from user_roles ur join roles r on r.id = ur.role_id
  where ur.scope = 'course'
) ranked
where ranked.id = user_roles.id and ranked.rank > 1
"""
# Until now a student of the tenant was a student of each of its courses.
ENROL_EVERYBODY = """
insert into user_roles (id, tenant_id, user_id, role_id, scope, scope_id)
select gen_random_uuid(), ur.tenant_id, ur.user_id, ur.role_id, 'course', c.id
from user_roles ur
join roles r on r.id = ur.role_id
join courses c on c.tenant_id = ur.tenant_id
where ur.scope = 'tenant' and r.name = 'student'
on conflict do nothing
"""
RENUMBER_LESSONS = """
update lessons set "order" = numbered.place
from (
  select id, row_number() over (partition by course_id order by "order", id) as place from lessons
) numbered
where numbered.id = lessons.id
"""


def upgrade() -> None:
    enrol()
    for table in ("courses", "lessons"):
        op.add_column(table, sa.Column("description", sa.Text(), server_default="", nullable=False))
        op.add_column(table, sa.Column("archived_at", postgresql.TIMESTAMP(timezone=True)))
        op.add_column(table, sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.execute(RENUMBER_LESSONS)
    op.create_unique_constraint(
        op.f("uq_lessons_course_id_order"), "lessons", ["course_id", "order"], deferrable=True
    )


def enrol() -> None:
    op.add_column(
        "tenants",
        sa.Column("enrols_everybody", sa.Boolean(), server_default="false", nullable=False),
    )
    op.execute("update tenants set enrols_everybody = true")
    op.execute(ONE_ROLE_A_COURSE)
    op.create_index(
        "uq_user_roles_course",
        "user_roles",
        ["user_id", "scope_id"],
        unique=True,
        postgresql_where=sa.text("scope = 'course'"),
    )
    op.execute(ENROL_EVERYBODY)
    op.create_index(
        "ix_user_roles_scope_id",
        "user_roles",
        ["tenant_id", "scope_id"],
        postgresql_where=sa.text("scope_id is not null"),
    )
