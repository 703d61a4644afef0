from enum import StrEnum


class TagSource(StrEnum):
    HUMAN = "human"
    MODEL = "model"

    def __str__(self) -> str:
        return str(self.value)
