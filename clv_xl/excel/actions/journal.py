"""The log of what went wrong: a file in the user's own folder for logs."""

import logging
from functools import cache
from logging.handlers import RotatingFileHandler
from pathlib import Path

from platformdirs import user_log_path

_LARGEST, _OLD_FILES = 512 * 1024, 2
_FORM = "%(asctime)s %(levelname)s %(message)s"


def journal_file() -> Path:
    """Return where the log is."""
    return user_log_path("clv_xl", appauthor=False) / "clv_xl.log"


@cache
def journal(path: Path | None = None) -> logging.Logger:
    """Return the log; where no file can be written, it is told to nobody.

    Parameters
    ----------
    path
        Where to write it; None: in the user's own folder for logs.
    """
    file = path or journal_file()
    logger = logging.getLogger(f"clv_xl.excel.{file}")
    logger.propagate = False
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            file, maxBytes=_LARGEST, backupCount=_OLD_FILES, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter(_FORM))
    logger.addHandler(handler)
    return logger
