"""The foundation: actor, identity, catalogue, training, measurements, ledger, access."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    for part in sorted((Path(__file__).parent / "0001_foundation").glob("*.sql")):
        # Written as it stands: op.execute would read ":name" as a parameter and double every "%".
        op.get_context().impl.static_output(part.read_text(encoding="utf-8"))


def downgrade() -> None:
    raise NotImplementedError("history is never dropped: restore a backup instead")
