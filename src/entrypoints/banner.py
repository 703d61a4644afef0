"""The summary that a server prints at start."""

from collections.abc import Sequence

from domain.vision import Model
from entrypoints.choices import Classifier, Store
from entrypoints.settings import Settings

INSTALL_COMMAND = "tintype model install"
"""Installs the default model; with a path, that model."""


def banner(settings: Settings, worker: bool, model: Model | None) -> str:
    """Return the addresses, the model, and the location of the data."""
    url = settings.public_url or f"http://{_display_host(settings.host)}:{settings.port}"
    lines = [
        ("Tintype", url),
        ("API docs", f"{url}/doc"),
        ("Worker", _describe_worker(settings, worker)),
        ("Model", _describe_model(settings, model)),
        ("Data", _describe_data(settings)),
        ("Stop", "Ctrl-C"),
    ]
    return _format_lines(lines)


def inference_banner(settings: Settings, model: Model | None) -> str:
    """Return the summary of the inference service."""
    url = f"http://{_display_host(settings.host)}:{settings.port}"
    missing = f"none; requests are refused until: {INSTALL_COMMAND}"
    lines = [
        ("Tintype", f"{url} (inference)"),
        ("API docs", f"{url}/doc"),
        ("Model", str(model) if model else missing),
        ("Stop", "Ctrl-C"),
    ]
    return _format_lines(lines)


def _format_lines(lines: Sequence[tuple[str, str]]) -> str:
    return "\n" + "\n".join(f"  {name:<10}{text}" for name, text in lines) + "\n"


def _describe_worker(settings: Settings, worker: bool) -> str:
    if settings.store is Store.MEMORY:
        return "in the API process"
    return "a process beside the API" if worker else "none; `tintype worker` runs one"


def _describe_model(settings: Settings, model: Model | None) -> str:
    if settings.classifier is Classifier.HTTP:
        return f"at {settings.inference_url}"
    return str(model) if model else f"none; images are pending until: {INSTALL_COMMAND}"


def _describe_data(settings: Settings) -> str:
    if settings.store is Store.MEMORY:
        return "in memory: lost when this process ends"
    home = settings.home.absolute()
    return f"{home} (with the embedded PostgreSQL)" if settings.is_embedded else f"{home}, and TINTYPE_DATABASE_URL"


def _display_host(host: str) -> str:
    """Return the host name that a browser on this machine uses."""
    if host in {"127.0.0.1", "0.0.0.0", "::", "::1"}:  # noqa: S104  (read, not bound)
        return "localhost"
    return f"[{host}]" if ":" in host else host
