"""Alembic's entry: runs on the connection that run.py hands over."""

from alembic import context

from orchestrator.core.database import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
