from enum import StrEnum


class Reason(StrEnum):
    COPYRIGHT = "copyright"
    HARASSMENT = "harassment"
    HATE = "hate"
    ILLEGAL = "illegal"
    KNOWN_IMAGE = "known_image"
    OTHER = "other"
    PRIVACY = "privacy"
    REVIEW = "review"
    SELF_HARM = "self_harm"
    SEXUAL = "sexual"
    SPAM = "spam"
    VIOLENCE = "violence"

    def __str__(self) -> str:
        return str(self.value)
