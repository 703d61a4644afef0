"""Settings: the only reader of the environment."""

from decimal import Decimal
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import SettingsConfigDict

from domain.ledger import Price
from domain.mail_server import parse_mail_server
from domain.vision.model_source import MOBILENET_V2, ModelSource, parse_model_source
from entrypoints import choices, setting_checks
from entrypoints.installation import CHECKOUT, default_home
from entrypoints.setting_groups import (
    KnownImageSettings,
    LimitSettings,
    S3Settings,
    SensitiveMediaSettings,
    SignInSettings,
)

INFERENCE_PORT = 9000

DEFAULT_PRICES = {"gpt-4o-mini": (Decimal("0.15"), Decimal("0.60"))}
"""US dollars per million tokens in and out. `TINTYPE_CAPTION_PRICES` overrides and extends them."""


class Settings(S3Settings, KnownImageSettings, SensitiveMediaSettings, LimitSettings, SignInSettings):
    """Every `TINTYPE_…` variable, and two of OpenAI. obstore reads the `AWS_…` variables.

    `make configuration` generates docs/configuration.md from the fields of this class and its bases: comments are
    headings, docstrings are descriptions.
    """

    model_config = SettingsConfigDict(
        env_prefix="TINTYPE_", env_ignore_empty=True, extra="ignore", populate_by_name=True
    )

    # Data
    home: Path = Field(default_factory=default_home)
    """Folder of the embedded database, the image files and the models. Default: `var` in a checkout, else the user's
    data folder of the platform."""
    store: choices.Store = choices.Store.POSTGRES
    """Storage of accounts, posts and all other records. With `memory`, all data are lost when the process ends."""
    database_url: str = ""
    """Address of a PostgreSQL 15 or newer with pgvector, `postgresql://…`. Several hosts are separated by commas.
    Empty: the embedded database."""
    database_direct_url: str = ""
    """Address of the same database without a pooler. Needed for LISTEN and migrations if `TINTYPE_DATABASE_URL` leads
    to pgbouncer 1.21 or newer in transaction mode."""
    user_namespace: bool = False
    """Runs the embedded database in a user namespace, if it cannot reach its folder in a safer way. For root only. The
    database then reads and writes files as root (ADR 29)."""
    blobs: choices.Blobs = choices.Blobs.FILESYSTEM
    """Storage of image files: the folder `TINTYPE_HOME/blobs`, or the bucket `TINTYPE_S3_BUCKET`."""

    # Network
    host: str = "127.0.0.1"
    """Address to listen on; also `--host`."""
    port: int = Field(default=8000, ge=1, le=65535)
    """Port to listen on; also `--port`. The inference service uses 9000 unless a port is set."""
    metrics_port: int | None = Field(default=None, ge=1, le=65535)
    """Serves `/metrics` on this port instead of the public one."""
    tracing: choices.Tracing = choices.Tracing.OFF
    """`otlp` sends traces of requests and jobs to an OpenTelemetry collector (`OTEL_EXPORTER_OTLP_ENDPOINT`; the other
    `OTEL_…` variables of the specification apply too). Needs the extra `tracing`. `memory` is for tests."""
    public_url: Annotated[str, AfterValidator(setting_checks.check_public_url)] = ""
    """Address that browsers use, such as `https://pictures.example.org`. Needed behind a proxy and for e-mail."""
    allowed_hosts: str = ""
    """More host names under which requests are answered, separated by commas. `*` allows any name."""
    trusted_proxies: Annotated[str, AfterValidator(setting_checks.check_proxies)] = ""
    """Addresses or networks of proxies, separated by commas. Their `X-Forwarded-For` and `X-Forwarded-Proto` are
    trusted. Without it, all visitors behind a proxy share one address."""
    cors_origins: str = ""
    """Origins of browser clients on other hosts, separated by commas."""
    body_seconds: float = Field(default=20, gt=0, le=3600)
    """Seconds a client has to send a request body. Each 8 KiB of the body adds one second."""

    # E-mail
    smtp_url: Annotated[SecretStr, AfterValidator(setting_checks.check_smtp_url)] = SecretStr("")
    """Address of the mail server, `smtp://user:password@host:587` (STARTTLS), `smtps://…` (TLS), or `smtp://…?tls=off`.
    Used with `TINTYPE_MAIL=smtp`."""
    mail_from: Annotated[str, AfterValidator(setting_checks.check_sender)] = ""
    """Sender of messages, such as `Tintype <noreply@pictures.example.org>`."""
    mail: choices.Mail = choices.Mail.LOG
    """How messages to users are sent. `log` writes their links to the log and shows them to administrators on the
    operator page. `memory` is for tests."""
    require_verified_email: choices.RequireVerifiedEmail = choices.RequireVerifiedEmail.OFF
    """`on` lets only users with a verified e-mail address publish posts."""

    # Model
    classifier: choices.Classifier = choices.Classifier.ONNX
    """Where images are classified: in the worker, or by the inference services in `TINTYPE_INFERENCE_URL`."""
    inference_url: str = f"http://127.0.0.1:{INFERENCE_PORT}"
    """Addresses of inference services, separated by commas. Used with `TINTYPE_CLASSIFIER=http`."""
    device: choices.Device = choices.Device.AUTO
    """Device of the model. `auto` uses CUDA if it works."""
    precision: choices.Precision = choices.Precision.AUTO
    """`auto` uses an int8 model on the CPU if there is one, else fp32. `fp32` ignores the int8 model."""
    model_fetch: choices.ModelFetch = choices.ModelFetch.AUTO
    """`auto` downloads MobileNetV2 while only the default model is installed."""
    model_urls: Annotated[str, AfterValidator(setting_checks.check_model_urls)] = ""
    """Sources of MobileNetV2 instead of TensorFlow Hub and Kaggle Models, separated by commas."""

    # Captions
    captions: choices.Captions = choices.Captions.AUTO
    """Source of suggested alt text. `auto`: OpenAI if a key is set, else the labels."""
    openai_api_key: SecretStr = Field(default=SecretStr(""), validation_alias="OPENAI_API_KEY")
    """Key of OpenAI or of a compatible server."""
    openai_base_url: str = Field(default="", validation_alias="OPENAI_BASE_URL")
    """Address of a compatible server. Empty: OpenAI."""
    openai_model: str = Field(default="gpt-4o-mini", min_length=1)
    """Name of the captioning model."""
    caption_daily_usd: setting_checks.Dollars = Decimal(5)
    """Budget in US dollars for paid captions per UTC day. `0` disables paid calls."""
    caption_user_daily_usd: setting_checks.Dollars = Decimal(1)
    """The same for the images of one user."""
    caption_prices: dict[str, tuple[setting_checks.Dollars, setting_checks.Dollars]] = Field(default_factory=dict)
    """US dollars per million tokens in and out, by model, as JSON. Added to the known price of `gpt-4o-mini`."""
    caption_model: Path | None = None
    """Folder of a local image-to-text model. Used with `TINTYPE_CAPTIONS=transformers`."""

    @property
    def inference_port(self) -> int:
        """The port of the inference service: the configured port, or its own default."""
        return self.port if "port" in self.model_fields_set else INFERENCE_PORT

    @property
    def is_embedded(self) -> bool:
        """Whether the database is the embedded one."""
        return self.store is choices.Store.POSTGRES and not self.database_url

    @field_validator("database_direct_url")
    @classmethod
    def _check_direct_url(cls, url: str, info: ValidationInfo) -> str:
        if url and not info.data.get("database_url"):
            raise ValueError("needs TINTYPE_DATABASE_URL too, the address of the pooler")
        return url

    @field_validator("blobs")
    @classmethod
    def _check_blobs(cls, blobs: choices.Blobs, info: ValidationInfo) -> choices.Blobs:
        if blobs is choices.Blobs.S3 and not info.data.get("s3_bucket"):
            raise ValueError("needs TINTYPE_S3_BUCKET too")
        return blobs

    @field_validator("mail")
    @classmethod
    def _check_mail(cls, mail: choices.Mail, info: ValidationInfo) -> choices.Mail:
        needed = ("smtp_url", "mail_from", "public_url")
        missing = [f"TINTYPE_{name.upper()}" for name in needed if not str(info.data.get(name) or "")]
        if mail is choices.Mail.SMTP and missing:
            raise ValueError(f"needs {' and '.join(missing)} too")
        return mail

    @property
    def host_names(self) -> list[str]:
        """The host names for which requests are answered, in lower case. Requests to IP addresses are always
        answered."""
        own = [urlsplit(self.public_url).hostname or "", self.host, "localhost"]
        return [name.lower() for name in [*own, *setting_checks.split_words(self.allowed_hosts)] if name]

    @property
    def model_sources(self) -> list[ModelSource]:
        """The sources of the main model, in order of preference."""
        return [parse_model_source(url) for url in setting_checks.split_words(self.model_urls) or MOBILENET_V2]

    @property
    def can_fetch_model(self) -> bool:
        """Whether a service fetches the main model while only the default model is installed. This requires a checkout,
        to convert the model."""
        here = self.classifier is choices.Classifier.ONNX and CHECKOUT is not None
        return self.model_fetch is choices.ModelFetch.AUTO and here

    @property
    def caption_writer(self) -> choices.Captions:
        """The source of captions; `auto` means OpenAI if a key is set, else the labels."""
        if self.captions is not choices.Captions.AUTO:
            return self.captions
        return choices.Captions.OPENAI if self.openai_api_key.get_secret_value() else choices.Captions.LABELS

    @property
    def prices(self) -> dict[str, Price]:
        return {model: Price(*both) for model, both in {**DEFAULT_PRICES, **self.caption_prices}.items()}

    def config(self) -> dict[str, Any]:
        """Settings as values for the container."""
        return {
            **self.model_dump(),
            **self.sign_in_config(),
            "service": "tintype",
            "presigns": self.presigns,
            "image_origin": self.image_origin if self.blobs is choices.Blobs.S3 else "",
            "home": self.home.absolute(),
            "checkout": CHECKOUT,
            "database": "embedded" if self.is_embedded else "external",
            "origins": setting_checks.split_words(self.cors_origins),
            "rate_limited": self.rate_limits is choices.RateLimits.ON,
            "trusted_networks": [ip_network(one) for one in setting_checks.split_words(self.trusted_proxies)],
            "host_names": self.host_names,
            "fetches": self.can_fetch_model,
            "model_sources": self.model_sources,
            "inference_urls": setting_checks.split_words(self.inference_url),
            "processor": "vips",
            "passwords": "argon2",
            "captions": self.caption_writer,
            "link_base": self.public_url.rstrip("/") or f"http://localhost:{self.port}",
            "mail_server": parse_mail_server(self.smtp_url.get_secret_value()) if self.mail == "smtp" else None,
            "requires_verified_email": self.require_verified_email is choices.RequireVerifiedEmail.ON,
            "openai_api_key": self.openai_api_key.get_secret_value(),
            "caption_prices": self.prices,
        }
