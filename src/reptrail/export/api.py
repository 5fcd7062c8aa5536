"""The route of the export."""

from reptrail import clock
from reptrail.db.pool import Transaction
from reptrail.export import actions
from reptrail.export.rules import file_name
from reptrail.http.edge import answers
from reptrail.http.streams import ZIP, Download


@answers(media_type=ZIP)
async def export_athlete(tx: Transaction) -> Download:
    """Everything of an athlete's in one ZIP: every row, the changes, tables for people. Another account can import it."""
    made_at = clock.now()
    return Download(await actions.write_export(tx, made_at), file_name(made_at), ZIP)
