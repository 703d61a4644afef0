"""Advisory locks: their numbers, in one place so that no two meet."""

BLOB_LOCK = 0x74696E_01
"""Shared by whoever stores bytes and names them, exclusive for the sweep that deletes bytes."""

MIGRATION_LOCK = 0x74696E_02
"""Held while migrations run."""

LEDGER_LOCK = 0x74696E_03
"""Held from reading what captions have cost today to reserving what the next one may cost."""
