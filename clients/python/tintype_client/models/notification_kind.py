from enum import StrEnum


class NotificationKind(StrEnum):
    COMMENT = "comment"
    DECISION = "decision"
    FOLLOW = "follow"
    FOLLOW_REQUEST = "follow_request"
    LIKE = "like"

    def __str__(self) -> str:
        return str(self.value)
