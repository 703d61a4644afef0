"""The few lines a person reads when it runs."""

from collections.abc import Sequence

from domain.vision import Model
from entrypoints.choices import Classifier, Store
from entrypoints.settings import Settings

NO_MODEL = "tintype model install"
"""Installs the default model; with a path, another one."""


def banner(settings: Settings, worker: bool, model: Model | None) -> str:
    """What is served where, which model answers, and where the data lie."""
    url = settings.public_url or f"http://{_named(settings.host)}:{settings.port}"
    lines = [
        ("Tintype", url),
        ("API docs", f"{url}/doc"),
        ("Worker", _worker(settings, worker)),
        ("Model", _model(settings, model)),
        ("Data", _data(settings)),
        ("Stop", "Ctrl-C"),
    ]
    return _laid_out(lines)


def inference_banner(settings: Settings, model: Model | None) -> str:
    """The same for the inference service."""
    url = f"http://{_named(settings.host)}:{settings.port}"
    missing = f"none; requests are refused until: {NO_MODEL}"
    lines = [
        ("Tintype", f"{url} (inference)"),
        ("API docs", f"{url}/doc"),
        ("Model", str(model) if model else missing),
        ("Stop", "Ctrl-C"),
    ]
    return _laid_out(lines)


def _laid_out(lines: Sequence[tuple[str, str]]) -> str:
    return "\n" + "\n".join(f"  {name:<10}{text}" for name, text in lines) + "\n"


def _worker(settings: Settings, worker: bool) -> str:
    if settings.store is Store.MEMORY:
        return "in the API's own process"
    return "running beside the API" if worker else "none here; `tintype worker` runs one"


def _model(settings: Settings, model: Model | None) -> str:
    if settings.classifier is Classifier.HTTP:
        return f"at {settings.inference_url}"
    return str(model) if model else f"none; pictures wait until: {NO_MODEL}"


def _data(settings: Settings) -> str:
    if settings.store is Store.MEMORY:
        return "in memory: nothing is kept"
    home = settings.home.absolute()
    return f"{home} (with the embedded PostgreSQL)" if settings.embedded else f"{home}, and TINTYPE_DATABASE_URL"


def _named(host: str) -> str:
    """As a browser on this machine calls it."""
    if host in {"127.0.0.1", "0.0.0.0", "::", "::1"}:  # noqa: S104  (read, not bound)
        return "localhost"
    return f"[{host}]" if ":" in host else host
