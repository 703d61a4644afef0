from enum import StrEnum


class TextSource(StrEnum):
    EDITED = "edited"
    HUMAN = "human"
    LABELS = "labels"
    MODEL = "model"

    def __str__(self) -> str:
        return str(self.value)
