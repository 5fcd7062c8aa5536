"""Alembic's environment: it writes the SQL of the revisions; reptrail.db.migrate runs it with the project's own driver."""

from alembic import context

context.configure(dialect_name="postgresql", as_sql=True, output_buffer=context.config.output_buffer, literal_binds=True)
with context.begin_transaction():
    context.run_migrations()
