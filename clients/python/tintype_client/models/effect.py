from enum import StrEnum


class Effect(StrEnum):
    DELETE = "delete"
    HIDE = "hide"
    LIMIT = "limit"
    MARK_SENSITIVE = "mark_sensitive"
    NONE = "none"
    QUARANTINE = "quarantine"
    SUSPEND = "suspend"

    def __str__(self) -> str:
        return str(self.value)
