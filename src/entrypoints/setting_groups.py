"""Groups of settings. `settings.Settings` inherits them and holds all others."""

from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

from domain.limits import Limits
from domain.quotas import DailyQuota
from entrypoints.choices import RateLimits, Screening
from entrypoints.setting_checks import check_screening_url

_DEFAULT_LIMITS, _DEFAULT_QUOTA = Limits(), DailyQuota()


class KnownImageSettings(BaseSettings):
    # Known images
    screening_url: Annotated[str, AfterValidator(check_screening_url)] = ""
    """Address of a Hasher-Matcher-Actioner server, such as `http://hma.example.org:5000`. Used with
    `TINTYPE_SCREENING=http`."""
    screening: Screening = Screening.BLOCKLIST
    """Lists of known images that uploads are compared with. `blocklist`: the list of the moderators. `http`: also those
    of the server in `TINTYPE_SCREENING_URL`; nobody sees an image until it has answered. `memory` is for tests."""

    @field_validator("screening")
    @classmethod
    def _check_screening(cls, screening: Screening, info: ValidationInfo) -> Screening:
        if screening is Screening.HTTP and not info.data.get("screening_url"):
            raise ValueError("needs TINTYPE_SCREENING_URL too")
        return screening


class LimitSettings(BaseSettings):
    # Limits
    rate_limits: RateLimits = RateLimits.ON
    """`off` is for benchmarks and tests."""
    max_upload_bytes: int = Field(default=_DEFAULT_LIMITS.max_upload_bytes, ge=1)
    """Bytes of one uploaded file."""
    max_pixels: int = Field(default=_DEFAULT_LIMITS.max_pixels, ge=1)
    """Pixels of one image."""
    max_images_per_post: int = Field(default=_DEFAULT_LIMITS.max_images_per_post, ge=1, le=100)
    """Images of one post."""
    max_text: int = Field(default=_DEFAULT_LIMITS.max_text, ge=1, le=100_000)
    """Characters of a post's text."""
    max_follows: int = Field(default=_DEFAULT_LIMITS.max_follows, ge=1)
    """Accounts that one user may follow, including pending requests."""
    review_first_posts: int = Field(default=_DEFAULT_LIMITS.review_first_posts, ge=0)
    """The number of first posts of a new account that wait for the approval of a moderator. `0`: none."""
    daily_upload_images: int = Field(default=_DEFAULT_QUOTA.images, ge=0)
    """Images that one user may upload per UTC day. `0`: no limit."""
    daily_upload_bytes: int = Field(default=_DEFAULT_QUOTA.bytes, ge=0)
    """Bytes that one user may upload per UTC day. `0`: no limit."""
    min_free_bytes: int = Field(default=512 * 1024 * 1024, ge=0)
    """Uploads are refused if they would leave less free disk space than this."""
