from enum import StrEnum


class Verdict(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"

    def __str__(self) -> str:
        return str(self.value)
