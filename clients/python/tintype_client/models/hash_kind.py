from enum import StrEnum


class HashKind(StrEnum):
    PDQ = "pdq"
    PERCEPTUAL = "perceptual"
    SHA256 = "sha256"

    def __str__(self) -> str:
        return str(self.value)
