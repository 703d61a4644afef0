from enum import StrEnum


class FactorKind(StrEnum):
    PASSKEY = "passkey"
    RECOVERY_CODES = "recovery_codes"
    TOTP = "totp"

    def __str__(self) -> str:
        return str(self.value)
