"""Every SQL statement of erasure. $1 is the athlete, or nothing is an athlete's."""

# A big history takes longer than any other statement may.
TAKE_TIME = "SELECT set_config('statement_timeout', $1, true)"
EMAIL = "SELECT u.email FROM app_user u WHERE u.id = $1"
ERASE = """
    SELECT r.id, r.subject_hash, r.erased_at, r.counts::text AS counts, r.receipt_hash FROM app.erase($1) r
"""
RECEIPTS = """
    SELECT r.id, r.subject_hash, r.erased_at, r.counts::text AS counts, r.receipt_hash FROM erasure_receipt r
    ORDER BY r.erased_at, r.id
"""
# Accounts that are there although a receipt ($1: their hashes) says they are gone: a backup was restored. The empty row that
# others' histories point at is not one.
THERE_AGAIN = """
    SELECT u.id, u.email FROM app_user u WHERE app.subject_hash(u.id) = ANY ($1::text[]) AND u.is_active ORDER BY u.id
"""
