"""Logging of long-running processes: readable lines on a terminal, JSON elsewhere."""

import logging
import re
import sys
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from types import NoneType

import msgspec

from optional_imports import without_modules

with without_modules("rich", "better_exceptions"):  # for tracebacks in colour, which take a twentieth of the start
    import structlog

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Characters that move a terminal's cursor, end a line or change the direction of text."""
_PLAIN = (int, float, NoneType)
_EMAIL = re.compile(r"[^\s@/:<>\"']+@[^\s@/:<>\"']+\.[^\s@/:<>\"']+")

request_fields: ContextVar[Mapping[str, str]] = ContextVar("request_fields", default={})  # noqa: B039 — never changed
"""The fields of every log line written during a request."""


def configure_logging() -> None:
    """Write every log line of this process to stderr: Tintype's from INFO, those of libraries from WARNING."""
    add_context: list[structlog.typing.Processor] = [
        _add_request_fields,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if _is_terminal() else "iso", utc=not _is_terminal()),
    ]
    render = _make_renderer()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                *add_context,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                sanitize,
                render,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("tintype").setLevel(logging.INFO)
    # Loggers of structlog write directly: the way through `logging` takes twice as long, for each request.
    structlog.configure(
        processors=[*add_context, sanitize, render],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _add_request_fields(
    _logger: object, _method: str, fields: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return {**request_fields.get(), **fields}


def sanitize(_logger: object, _method: str, fields: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Return the fields without control characters, which could forge log lines, and without e-mail addresses."""
    for name, value in fields.items():
        if type(value) is str and value.isprintable() and "@" not in value:  # most are; the patterns are slow
            continue
        if not isinstance(value, _PLAIN):
            fields[name] = _sanitize_text(str(value), lines=name == "exception")
    return fields


def _sanitize_text(text: str, *, lines: bool) -> str:
    def escape(match: re.Match[str]) -> str:
        return match[0] if lines and match[0] in "\n\t" else f"\\u{ord(match[0]):04x}"

    encodable = text.encode("utf-8", "backslashreplace").decode()  # an unpaired surrogate has no encoding
    return _EMAIL.sub("(e-mail)", _CONTROL.sub(escape, encodable))


def _is_terminal() -> bool:
    return sys.stderr.isatty()


def _make_renderer() -> structlog.typing.Processor:
    if _is_terminal():
        return structlog.dev.ConsoleRenderer(pad_event_to=0, pad_level=False)
    return structlog.processors.JSONRenderer(serializer=_to_json)


def _to_json(fields: object, default: Callable[[object], object]) -> str:
    return msgspec.json.encode(fields, enc_hook=default).decode()
