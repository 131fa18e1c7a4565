"""What Alembic runs for each upgrade: the caller's connection and transaction, nothing of its own."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
