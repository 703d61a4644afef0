"""The values of settings that choose between alternatives."""

from enum import StrEnum


class Store(StrEnum):
    POSTGRES = "postgres"
    MEMORY = "memory"


class Blobs(StrEnum):
    FILESYSTEM = "filesystem"
    S3 = "s3"
    MEMORY = "memory"


class Downloads(StrEnum):
    STREAMED = "streamed"
    PRESIGNED = "presigned"


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


class OidcCreate(StrEnum):
    ON = "on"
    OFF = "off"


class Tracing(StrEnum):
    OFF = "off"
    OTLP = "otlp"
    MEMORY = "memory"


class RateLimits(StrEnum):
    ON = "on"
    OFF = "off"


class Mail(StrEnum):
    LOG = "log"
    SMTP = "smtp"
    MEMORY = "memory"


class Screening(StrEnum):
    NONE = "none"
    BLOCKLIST = "blocklist"
    HTTP = "http"
    MEMORY = "memory"


class RequireVerifiedEmail(StrEnum):
    ON = "on"
    OFF = "off"


class SensitiveMediaDetector(StrEnum):
    OFF = "off"
    ASK = "ask"
