"""Settings: the only reader of the environment."""

from decimal import Decimal
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.errors import Invalid
from domain.ledger import Price
from domain.limits import Limits
from domain.model_source import MOBILENET_V2, ModelSource, model_source
from domain.quotas import DailyQuota
from entrypoints.installation import CHECKOUT, default_home

INFERENCE_PORT = 9000

_LIMITS, _QUOTA = Limits(), DailyQuota()

Dollars = Annotated[Decimal, Field(ge=0, le=1_000_000)]

PRICES = {"gpt-4o-mini": (Decimal("0.15"), Decimal("0.60"))}
"""US dollars for a million tokens in and out; `TINTYPE_CAPTION_PRICES` corrects and adds to them."""


class Store(StrEnum):
    POSTGRES = "postgres"
    MEMORY = "memory"


class Blobs(StrEnum):
    FILESYSTEM = "filesystem"
    MEMORY = "memory"


class Classifier(StrEnum):
    ONNX = "onnx"
    HTTP = "http"
    MEMORY = "memory"


class Device(StrEnum):
    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


class Precision(StrEnum):
    AUTO = "auto"
    FP32 = "fp32"
    INT8 = "int8"


class Captions(StrEnum):
    AUTO = "auto"
    OPENAI = "openai"
    LABELS = "labels"
    TRANSFORMERS = "transformers"
    MEMORY = "memory"
    OFF = "off"


class ModelFetch(StrEnum):
    AUTO = "auto"
    OFF = "off"


class RateLimits(StrEnum):
    ON = "on"
    OFF = "off"


class Settings(BaseSettings):
    """Every `TINTYPE_…` variable, and OpenAI's own two; PRODUCT.md's table of settings, with its defaults."""

    model_config = SettingsConfigDict(
        env_prefix="TINTYPE_", env_ignore_empty=True, extra="ignore", populate_by_name=True
    )

    home: Path = Field(default_factory=default_home)
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    metrics_port: int | None = Field(
        default=None, ge=1, le=65535, description="Serves /metrics there, and no longer on the public port."
    )
    public_url: str = ""
    allowed_hosts: str = Field(
        default="", description="More host names under which requests are answered; `*` for any. Apart by commas."
    )
    cors_origins: str = ""
    store: Store = Store.POSTGRES
    database_url: str = ""
    user_namespace: bool = Field(
        default=False,
        description="For root, where the embedded PostgreSQL reaches its folder in no safer way: run it in a user"
        " namespace. It then sees an ordinary user, but reads and writes files as root (ADR 29).",
    )
    blobs: Blobs = Blobs.FILESYSTEM
    classifier: Classifier = Classifier.ONNX
    inference_url: str = f"http://127.0.0.1:{INFERENCE_PORT}"
    device: Device = Device.AUTO
    precision: Precision = Precision.AUTO
    captions: Captions = Captions.AUTO
    openai_api_key: SecretStr = Field(default=SecretStr(""), validation_alias="OPENAI_API_KEY")
    openai_base_url: str = Field(default="", validation_alias="OPENAI_BASE_URL")
    openai_model: str = Field(default="gpt-4o-mini", min_length=1)
    caption_daily_usd: Dollars = Decimal(5)
    caption_user_daily_usd: Dollars = Decimal(1)
    caption_prices: dict[str, tuple[Dollars, Dollars]] = Field(default_factory=dict)
    caption_model: Path | None = None
    model_fetch: ModelFetch = ModelFetch.AUTO
    model_urls: str = ""
    token_days: int = Field(default=30, ge=1, le=3650)
    body_seconds: float = Field(
        default=20, gt=0, le=3600, description="How long a request's body is waited for, before what its bytes add."
    )
    max_streams: int = Field(default=1000, ge=1, description="Open notification streams of one API process.")
    session_check_seconds: float = Field(
        default=15, gt=0, le=30, description="Between two checks that the sessions of open streams have not ended."
    )
    max_upload_bytes: int = Field(default=_LIMITS.max_upload_bytes, ge=1)
    max_pixels: int = Field(default=_LIMITS.max_pixels, ge=1)
    max_images_per_post: int = Field(default=_LIMITS.max_images_per_post, ge=1, le=100)
    max_text: int = Field(default=_LIMITS.max_text, ge=1, le=100_000)
    max_follows: int = Field(default=_LIMITS.max_follows, ge=1)
    rate_limits: RateLimits = RateLimits.ON
    trusted_proxies: str = ""
    daily_upload_images: int = Field(default=_QUOTA.images, ge=0)
    daily_upload_bytes: int = Field(default=_QUOTA.bytes, ge=0)
    min_free_bytes: int = Field(default=512 * 1024 * 1024, ge=0)

    @property
    def inference_port(self) -> int:
        """Where the inference service listens: on the port that was set, if one was."""
        return self.port if "port" in self.model_fields_set else INFERENCE_PORT

    @property
    def embedded(self) -> bool:
        """Whether the database is the embedded one."""
        return self.store is Store.POSTGRES and not self.database_url

    @field_validator("model_urls")
    @classmethod
    def _usable(cls, text: str) -> str:
        try:
            for url in _listed(text):
                model_source(url)
        except Invalid as fault:
            raise ValueError(fault.detail) from None
        return text

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, text: str) -> str:
        for one in _listed(text):
            try:
                ip_network(one)
            except ValueError as fault:
                raise ValueError(f"{fault}; give addresses or networks, such as 10.0.0.0/8, apart by commas") from None
        return text

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, text: str) -> str:
        if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname):
            raise ValueError("is no web address; give one such as https://pictures.example.org")
        return text

    @property
    def trusted_networks(self) -> list[IPv4Network | IPv6Network]:
        """Whose X-Forwarded-For is believed."""
        return [ip_network(one) for one in _listed(self.trusted_proxies)]

    @property
    def host_names(self) -> list[str]:
        """The names under which requests are answered, in lower case. Addresses are always answered."""
        own = [urlsplit(self.public_url).hostname or "", self.host, "localhost"]
        return [name.lower() for name in [*own, *_listed(self.allowed_hosts)] if name]

    @property
    def model_sources(self) -> list[ModelSource]:
        """Where the main model is fetched from, in the order in which the sources are asked."""
        return [model_source(url) for url in _listed(self.model_urls) or MOBILENET_V2]

    @property
    def fetches(self) -> bool:
        """Whether a service fetches the main model while none but the default model is installed. What it fetches it
        has to convert, which needs a checkout."""
        here = self.classifier is Classifier.ONNX and CHECKOUT is not None
        return self.model_fetch is ModelFetch.AUTO and here

    @property
    def origins(self) -> list[str]:
        """Where browser clients elsewhere may come from."""
        return _listed(self.cors_origins)

    @property
    def writer(self) -> Captions:
        """Who writes captions: with `auto` OpenAI where a key is set, else nobody but the labels."""
        if self.captions is not Captions.AUTO:
            return self.captions
        return Captions.OPENAI if self.openai_api_key.get_secret_value() else Captions.LABELS

    @property
    def prices(self) -> dict[str, Price]:
        return {model: Price(*both) for model, both in {**PRICES, **self.caption_prices}.items()}

    def config(self) -> dict[str, Any]:
        """Plain values for the container."""
        return {
            **self.model_dump(),
            "home": self.home.absolute(),
            "checkout": CHECKOUT,
            "database": "embedded" if self.embedded else "external",
            "origins": self.origins,
            "rate_limited": self.rate_limits is RateLimits.ON,
            "trusted_networks": self.trusted_networks,
            "host_names": self.host_names,
            "fetches": self.fetches,
            "model_sources": self.model_sources,
            "inference_urls": _listed(self.inference_url),
            "processor": "vips",
            "passwords": "argon2",
            "captions": self.writer,
            "openai_api_key": self.openai_api_key.get_secret_value(),
            "caption_prices": self.prices,
        }


def _listed(text: str) -> list[str]:
    """Of words apart by commas or spaces."""
    return text.replace(",", " ").split()
