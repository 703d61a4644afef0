"""The log of a process that runs on."""

import json
import os
import subprocess
import sys
from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / "src"


def test_where_nobody_watches_every_line_is_json_and_libraries_only_warn() -> None:
    script = (
        "import logging\n"
        "from entrypoints.logs import configure\n"
        "configure()\n"
        "logging.getLogger('tintype.part').info('done with %s', 'it')\n"
        "logging.getLogger('library').info('chatter')\n"
        "try: 1 / 0\n"
        "except ZeroDivisionError: logging.getLogger('library').exception('broken')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(SRC)}
    ran = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    done, broken = (json.loads(line) for line in ran.stderr.splitlines())
    assert {"event": "done with it", "level": "info", "logger": "tintype.part"}.items() <= done.items()
    assert "ZeroDivisionError" in broken["exception"]
