from typing import Annotated, Self

from pydantic import Field

from domain.sensitive_media import OwnScore
from entrypoints.http.schemas import Body, Out, Timestamp


class SensitiveMediaAnswer(Body):
    sensitive: bool = Field(description="whether the owner calls the image sensitive; `true` also marks its post")


class SensitiveMediaScore(Out):
    """A detector's score of an image, for its owner only. It leads to a question and changes nothing else."""

    pending: Annotated[bool, Field(description="whether a detector will rate the image")]
    score: Annotated[float | None, Field(description="0-1; null without a result, which does not mean harmless")]
    model: str | None
    scored_at: Timestamp | None
    question: Annotated[bool, Field(description="whether the owner is asked: is the post to be marked as sensitive?")]
    sensitive: Annotated[bool | None, Field(description="the owner's answer")]
    answered_at: Timestamp | None

    @classmethod
    def of(cls, own: OwnScore | None) -> Self:
        if own is None:
            return cls(False, None, None, None, False, None, None)
        score = own.score
        return cls(
            pending=score.is_pending,
            score=score.score,
            model=score.model,
            scored_at=score.scored_at,
            question=own.is_question,
            sensitive=score.answer,
            answered_at=score.answered_at,
        )
