from enum import StrEnum


class ImageSize(StrEnum):
    LARGE = "large"
    MEDIUM = "medium"
    THUMB = "thumb"

    def __str__(self) -> str:
        return str(self.value)
