from enum import StrEnum


class FactorChallengeCreateKind(StrEnum):
    PASSKEY = "passkey"
    TOTP = "totp"

    def __str__(self) -> str:
        return str(self.value)
