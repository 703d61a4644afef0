"""The keys of all advisory locks, in one place so that they are distinct."""

MIGRATION_LOCK = 0x74696E_02
"""Held while migrations run."""

LEDGER_LOCK = 0x74696E_03
"""Held from reading today's costs of captions until the cost of the next one is reserved."""

UPLOAD_LOCK = 0x74696E_04
"""Shared by uploads from before their lookup in the blocklist until their commit. New entries wait for it once."""
