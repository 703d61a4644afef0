"""Checks that OpenTelemetry's SDK, an extra, is installed. It is imported with the first trace only."""

from importlib.util import find_spec

from domain.errors import Unavailable

_NEEDED = ("opentelemetry.sdk", "opentelemetry.exporter")


def check_packages() -> None:
    """Raise `Unavailable` if the extra is not installed."""
    if any(find_spec(name) is None for name in _NEEDED):
        raise Unavailable(
            "TINTYPE_TRACING=otlp needs OpenTelemetry's packages; install tintype[tracing], or set TINTYPE_TRACING=off"
        )
