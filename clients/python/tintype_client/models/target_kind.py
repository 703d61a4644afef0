from enum import StrEnum


class TargetKind(StrEnum):
    COMMENT = "comment"
    IMAGE = "image"
    POST = "post"
    USER = "user"

    def __str__(self) -> str:
        return str(self.value)
