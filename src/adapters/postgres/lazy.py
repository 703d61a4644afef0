"""The adapters by name, imported when one is first made: what needs no database, such as the inference service, then
starts sooner, and works where SQLAlchemy is not installed."""

from collections.abc import Callable
from importlib import import_module
from typing import Any


def postgres(name: str) -> Callable[..., Any]:
    """Makes objects of the class `name`, its module in this package and itself: "people.PostgresPeople"."""
    module, class_name = name.split(".")

    def make(*arguments: Any, **named: Any) -> Any:
        return getattr(import_module(f"adapters.postgres.{module}"), class_name)(*arguments, **named)

    return make
