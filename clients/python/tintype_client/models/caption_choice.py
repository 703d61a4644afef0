from enum import StrEnum


class CaptionChoice(StrEnum):
    NONE = "none"
    OFFLINE = "offline"
    SERVICE = "service"

    def __str__(self) -> str:
        return str(self.value)
