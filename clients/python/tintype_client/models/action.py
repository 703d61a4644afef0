from enum import StrEnum


class Action(StrEnum):
    APPEAL = "appeal"
    APPEAL_DECISION = "appeal_decision"
    DECISION = "decision"
    REFUSED = "refused"
    ROLE_CHANGE = "role_change"

    def __str__(self) -> str:
        return str(self.value)
