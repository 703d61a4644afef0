"""Settings: the only reader of the environment."""

from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.limits import Limits

CHECKOUT = Path(__file__).resolve().parents[2]
"""Where this program lies; its own data stay with it, from whichever folder it is called."""

INFERENCE_PORT = 9000

_LIMITS = Limits()


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
    LABELS = "labels"
    MEMORY = "memory"
    OFF = "off"


class ModelFetch(StrEnum):
    AUTO = "auto"
    OFF = "off"


class Settings(BaseSettings):
    """Every `TINTYPE_…` variable; PRODUCT.md's table of settings, with its defaults."""

    model_config = SettingsConfigDict(env_prefix="TINTYPE_", env_ignore_empty=True, extra="ignore")

    home: Path = CHECKOUT / "var"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str = ""
    cors_origins: str = ""
    store: Store = Store.POSTGRES
    database_url: str = ""
    blobs: Blobs = Blobs.FILESYSTEM
    classifier: Classifier = Classifier.ONNX
    inference_url: str = f"http://127.0.0.1:{INFERENCE_PORT}"
    device: Device = Device.AUTO
    precision: Precision = Precision.AUTO
    captions: Captions = Captions.AUTO
    model_fetch: ModelFetch = ModelFetch.AUTO
    token_days: int = Field(default=30, ge=1, le=3650)
    max_upload_bytes: int = Field(default=_LIMITS.max_upload_bytes, ge=1)
    max_pixels: int = Field(default=_LIMITS.max_pixels, ge=1)
    max_images_per_post: int = Field(default=_LIMITS.max_images_per_post, ge=1, le=100)
    max_text: int = Field(default=_LIMITS.max_text, ge=1, le=100_000)
    max_follows: int = Field(default=_LIMITS.max_follows, ge=1)

    @property
    def inference_port(self) -> int:
        """Where the inference service listens: on the port that was set, if one was."""
        return self.port if "port" in self.model_fields_set else INFERENCE_PORT

    @property
    def embedded(self) -> bool:
        """Whether the database is the embedded one."""
        return self.store is Store.POSTGRES and not self.database_url

    @property
    def fetches(self) -> bool:
        """Whether a service without a model fetches one."""
        return self.model_fetch is ModelFetch.AUTO and self.classifier is Classifier.ONNX

    @property
    def origins(self) -> list[str]:
        """Where browser clients elsewhere may come from."""
        return _listed(self.cors_origins)

    def config(self) -> dict[str, Any]:
        """Plain values for the container."""
        return {
            **self.model_dump(),
            "home": self.home.absolute(),
            "checkout": CHECKOUT,
            "database": "embedded" if self.embedded else "external",
            "origins": self.origins,
            "inference_urls": _listed(self.inference_url),
            "processor": "pillow",
            "passwords": "argon2",
            "captions": Captions.LABELS if self.captions is Captions.AUTO else self.captions,
        }


def _listed(text: str) -> list[str]:
    """Of words apart by commas or spaces."""
    return text.replace(",", " ").split()
