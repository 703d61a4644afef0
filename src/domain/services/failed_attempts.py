"""What follows a failed attempt at a task of an image: another attempt, later or never."""

import logging
from datetime import datetime, timedelta

from domain.captions import UnusableDraft, WriterLockedOut
from domain.errors import DomainError, Invalid, Unavailable, Unsupported
from domain.ledger import BudgetExhausted, start_of_next_day
from domain.services.captioning import CaptionInProgress
from domain.understanding import INTERNAL, Understanding
from domain.vision import ClassifierUnreachable, ModelMissing, ModelOutdated, UnusableModel

MODEL_RETRY_DELAY = timedelta(minutes=5)
"""How long an image waits for a model, unless `sweep` finds one earlier."""
CLASSIFIER_UNREACHABLE = "classifier_away"
OPERATOR_RETRY_DELAY = timedelta(minutes=15)
"""How long captions wait before they call again a writer whose operator must act."""
MAX_UNUSABLE_DRAFTS = 3
"""The maximum number of unusable answers that are paid for."""

logger = logging.getLogger("tintype.understanding")


def row_after_error(error: Exception, row: Understanding, now: datetime, jitter: float) -> Understanding:
    """Return the row after an attempt that raised an error. An unexpected one is logged."""
    if put_off := _postponement(error, now):
        return row.postpone(*put_off)
    if isinstance(error, Invalid | Unsupported):  # the image is at fault: another attempt cannot help
        return row.mark_failed(error_text(error))
    if isinstance(error, UnusableDraft) and row.attempts >= MAX_UNUSABLE_DRAFTS:
        return row.mark_failed(error_text(error))
    if isinstance(error, DomainError):
        return row.retry_later(error_text(error), now, jitter, _requested_delay(error))
    logger.error("%s of image %s failed", row.task, row.image_id, exc_info=error)
    return row.retry_later(f"{INTERNAL}: {type(error).__name__}: {error}", now, jitter)


def error_text(error: DomainError) -> str:
    return f"{error.code}: {error.detail}"


def _postponement(error: Exception, now: datetime) -> tuple[str, datetime] | None:
    """Return the reason and time to wait for after an error that is not caused by the image. The attempt is not
    counted."""
    match error:
        case ModelMissing() | ModelOutdated() | UnusableModel():
            return error.code, now + MODEL_RETRY_DELAY
        case ClassifierUnreachable():
            return CLASSIFIER_UNREACHABLE, now + MODEL_RETRY_DELAY
        case BudgetExhausted():
            return error.code, start_of_next_day(now)
        case CaptionInProgress():
            return error_text(error), now + timedelta(seconds=error.retry_after)
        case WriterLockedOut():
            return error_text(error), now + OPERATOR_RETRY_DELAY
    return None


def _requested_delay(error: DomainError) -> timedelta:
    """Return the delay that an unavailable service requested."""
    return timedelta(seconds=error.retry_after) if isinstance(error, Unavailable) else timedelta(0)
