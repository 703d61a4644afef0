from enum import StrEnum


class Outcome(StrEnum):
    GRANTED = "granted"
    UPHELD = "upheld"

    def __str__(self) -> str:
        return str(self.value)
