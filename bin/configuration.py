"""Write the configuration reference from the settings class and its bases: `make configuration`.

    PYTHONPATH=src python bin/configuration.py docs/configuration.md

A comment in the classes is a heading, and the docstring of a field is its description. Docstrings are read from the
source, since the program does not store them.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from enum import StrEnum
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, cast

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from entrypoints.settings import Settings

INTRODUCTION = """# Configuration

<!-- Generated from settings.py and setting_groups.py in src/entrypoints: make configuration. -->

Environment variables configure Tintype. Every variable has a default, and an empty variable counts
as not set. A wrong value stops the program with a message that names the variable and the values it
accepts.
"""
BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most"}


def main(path: str) -> None:
    Path(path).write_text(INTRODUCTION + "".join(_sections()))


def _sections() -> Iterator[str]:
    heading = ""
    for field, description, above in chain.from_iterable(map(_fields, _classes())):
        if above != heading:
            heading = above
            yield f"\n## {heading}\n\n| Variable | Default | Accepted values | Meaning |\n|---|---|---|---|\n"
        yield _row(ast.unparse(field.target), description)


def _classes() -> list[type]:
    return [cls for cls in Settings.__mro__ if issubclass(cls, BaseSettings) and cls is not BaseSettings]


def _fields(cls: type) -> Iterator[tuple[ast.AnnAssign, str, str]]:
    """Yield each field of a class with its description and its heading."""
    source = inspect.getsource(cls).splitlines()
    body = cast(ast.ClassDef, ast.parse("\n".join(source)).body[0]).body
    for field, docstring in pairwise(body):
        if isinstance(field, ast.AnnAssign):
            if not isinstance(docstring, ast.Expr) or not isinstance(docstring.value, ast.Constant):
                name = ast.unparse(field.target)
                sys.exit(f"{cls.__name__}.{name}: the field has no docstring; write one line about it below")
            yield field, " ".join(str(docstring.value.value).split()), _heading(source, field.lineno)


def _heading(source: list[str], line: int) -> str:
    above = (text for text in reversed(source[: line - 1]) if text.startswith("    # "))
    return next(above).removeprefix("    # ")


def _row(name: str, description: str) -> str:
    field = Settings.model_fields[name]
    variable = field.validation_alias or f"TINTYPE_{name.upper()}"
    cells = (f"`{variable}`", _default(field), _accepted_values(field), description.replace("|", "\\|"))
    return f"| {' | '.join(cells)} |\n"


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None or not str(field.default) or field.default is None:
        return ""
    if hasattr(field.default, "get_secret_value"):
        return ""
    return f"`{str(field.default).lower()}`" if isinstance(field.default, bool) else f"`{field.default}`"


def _accepted_values(field: FieldInfo) -> str:
    kind: Any = field.annotation
    if inspect.isclass(kind) and issubclass(kind, StrEnum):
        return ", ".join(f"`{value}`" for value in kind)
    bounds = [
        (word, getattr(one, name)) for one in field.metadata for name, word in BOUNDS.items() if hasattr(one, name)
    ]
    return ", ".join(f"{word} {value:,}" for word, value in bounds)


if __name__ == "__main__":
    main(*sys.argv[1:])
