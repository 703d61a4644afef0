"""Logging, set up once for the processes that run on: lines for people on a terminal, JSON for machines elsewhere."""

import logging
import sys

import structlog


def configure() -> None:
    """Send every log line of this process to stderr: Tintype's own from INFO up, of the libraries the warnings."""
    before: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if _for_people() else "iso", utc=not _for_people()),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering()],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("tintype").setLevel(logging.INFO)
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def _for_people() -> bool:
    return sys.stderr.isatty()


def _rendering() -> list[structlog.typing.Processor]:
    if _for_people():
        return [
            structlog.dev.ConsoleRenderer(
                pad_event_to=0, pad_level=False, exception_formatter=structlog.dev.plain_traceback
            )
        ]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
