from enum import StrEnum


class SensitiveMedia(StrEnum):
    BLUR = "blur"
    SHOW = "show"

    def __str__(self) -> str:
        return str(self.value)
