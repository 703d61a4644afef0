"""Maps domain errors to exit codes and prints them."""

import json
import sys
import traceback
from http import HTTPStatus
from pathlib import Path
from typing import Any

import typer
from pydantic import SecretStr, ValidationError

from domain.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    Unsupported,
)
from entrypoints.cli.output import clean
from entrypoints.settings import Settings

FAILED, USAGE, NOT_FOUND, REFUSED, UNAVAILABLE = 1, 2, 3, 4, 5

EXIT_CODES: dict[type[DomainError], int] = {
    Invalid: REFUSED,
    Unauthenticated: REFUSED,
    Forbidden: REFUSED,
    NotFound: NOT_FOUND,
    Conflict: REFUSED,
    Gone: NOT_FOUND,
    TooLarge: REFUSED,
    Unsupported: REFUSED,
    TooMany: UNAVAILABLE,
    Unavailable: UNAVAILABLE,
}


class FileMissing(NotFound):
    """The file does not exist."""


class Unreadable(Invalid):
    """The path cannot be read as a file."""

    code = "unreadable"


class Unwritable(Invalid):
    """The path cannot be written."""

    code = "unwritable"


class WrongSetting(typer.TyperException):
    """An invalid value of a `TINTYPE_…` variable."""

    exit_code = USAGE


def load_settings() -> Settings:
    """The settings from the environment. Raises `WrongSetting` with the variables and their valid values."""
    try:
        return Settings()
    except ValidationError as error:
        raise WrongSetting("; ".join(_describe_fault(fault) for fault in error.errors(include_url=False))) from error


def _describe_fault(fault: Any) -> str:
    text = str(fault["loc"][0])
    name = text if text.isupper() else "TINTYPE_" + text.upper()  # OpenAI's variables are given with their full names
    value = "set" if _is_secret(text) else repr(fault["input"])
    return f"{name} is {value}, but {fault['msg'][0].lower()}{fault['msg'][1:]}"


def _is_secret(name: str) -> bool:
    field = Settings.model_fields.get(name)
    return name == "OPENAI_API_KEY" or (field is not None and field.annotation is SecretStr)


def exit_code(error: Exception) -> int:
    if isinstance(error, DomainError):
        return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), FAILED)
    if isinstance(error, typer.TyperException):
        return error.exit_code
    return UNAVAILABLE if isinstance(error, OSError) else FAILED


def print_error(error: Exception, *, as_json: bool, file: Path | None = None) -> int:
    """Print `error` on stderr, as a sentence or as a problem object, and return its exit code. `file` is the file that
    it concerns, if there are several."""
    if as_json:
        shape = problem(error) | ({"file": str(file)} if file else {})
        print(json.dumps(shape, ensure_ascii=False, default=str), file=sys.stderr)
    else:
        print(clean(_format_error(error, file)), file=sys.stderr)
    return exit_code(error)


def _format_error(error: Exception, file: Path | None) -> str:
    text = describe_error(error)
    if text.startswith("Usage:"):  # a group without a command: typer raises its help
        return text
    context = getattr(error, "ctx", None)
    hint = f"{'' if text.endswith('.') else '.'} See `{context.command_path} --help`." if context else ""
    return f"tintype: {f'{file}: ' if file else ''}{text}{hint}"


def describe_error(error: Exception) -> str:
    if isinstance(error, DomainError):
        return error.operator_message
    if isinstance(error, typer.TyperException):
        return error.format_message()
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror.lower()}" if error.filename else error.strerror
    frame = traceback.extract_tb(error.__traceback__)[-1]
    fault = f"{type(error).__name__}: {error}".rstrip(": ")
    return f"internal error ({fault}, in {frame.name}, {frame.filename}:{frame.lineno}); please report it"


def problem(error: Exception) -> dict[str, Any]:
    """The error in the form of the REST API (RFC 9457)."""
    if isinstance(error, DomainError):
        from entrypoints.http.errors import problem as rest_problem  # imports FastAPI, so only on demand

        return {**rest_problem(error), "detail": error.operator_message}
    status, code = (400, "usage") if exit_code(error) == USAGE else (500, "internal_error")
    title = HTTPStatus(status).phrase
    shape = {"type": "about:blank", "title": title, "status": status, "detail": describe_error(error), "code": code}
    return {**shape, "request_id": None}
