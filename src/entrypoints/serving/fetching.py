"""A model, fetched beside a service that already answers."""

import logging
import subprocess
import threading

from entrypoints.serving import child

logger = logging.getLogger("tintype.serve")


class FetchingBeside:
    """One try to fetch, convert and install the default model, whose progress and end stand in the log. The service
    takes the model up by itself; without one, pictures wait."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._tell, name="fetching-beside", daemon=True)

    def start(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 — our own
            child.command("entrypoints.serving.fetch"),
            env=child.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # so that pip and TensorFlow below it end with it
        )
        self._thread.start()

    def stop(self) -> None:
        """Give up what is not done; a half-made environment is made anew the next time."""
        if self._process is None:
            return
        self._stopping.set()
        self._process.terminate()
        self._thread.join()

    def _tell(self) -> None:
        if self._process is None:
            return
        with self._process as process:
            for line in process.stdout or ():
                logger.info("model: %s", line.strip().removeprefix("tintype: "))
        if process.returncode and not self._stopping.is_set():
            logger.warning("no model could be fetched; pictures wait until one is installed: make model MODEL=path")
