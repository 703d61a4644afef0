"""The keys of all advisory locks, in one place so that they are distinct."""

MIGRATION_LOCK = 0x74696E_02
"""Held while migrations run."""

LEDGER_LOCK = 0x74696E_03
"""Held from reading today's costs of captions until the cost of the next one is reserved."""
