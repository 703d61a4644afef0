from enum import StrEnum


class Action(StrEnum):
    APPEAL = "appeal"
    APPEAL_DECISION = "appeal_decision"
    BLOCKLIST_ADDITION = "blocklist_addition"
    BLOCKLIST_DELETION = "blocklist_deletion"
    DECISION = "decision"
    FACTOR_RESET = "factor_reset"
    INVITE_CREATION = "invite_creation"
    INVITE_DELETION = "invite_deletion"
    QUARANTINE = "quarantine"
    REFUSED = "refused"
    ROLE_CHANGE = "role_change"
    SIGN_UP_APPROVAL = "sign_up_approval"
    SIGN_UP_REFUSAL = "sign_up_refusal"
    TERMS_PUBLICATION = "terms_publication"

    def __str__(self) -> str:
        return str(self.value)
