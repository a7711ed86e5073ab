"""What Alembic runs around the migrations: they use the connection, and the transaction, of the caller."""

from __future__ import annotations

from alembic import context

from pipeline.dataset.schema import metadata


def run() -> None:
    """Run the migrations that Alembic was asked for."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=False,  # SQLite and PostgreSQL name types differently
    )
    with context.begin_transaction():
        context.run_migrations()


if hasattr(context, "config"):  # not where the module is only looked at, as by pytest for its doctests
    run()
