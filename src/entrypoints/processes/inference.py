"""`tintype inference`: runs the inference service."""

import os

from container import Container
from entrypoints.default_model import ensure_model_in_subprocess
from entrypoints.logs import configure_logging
from entrypoints.processes.listen import claim_metrics_port, claim_port
from entrypoints.processes.server import INFERENCE_TARGET, Server
from entrypoints.settings import Settings


def serve_inference(settings: Settings, port: int) -> None:
    """Serve until stopped; needs no database. Raises `Unavailable` if the port is unusable."""
    configure_logging()
    container = Container(config=settings.config())
    container.network_runtime()  # raises if it is missing
    container.tracing_packages()
    address = claim_port(settings.host, port)
    claim_metrics_port(settings.host, settings.metrics_port, port)
    ensure_model_in_subprocess(container, settings)
    # The children read their settings from the environment, as any process does.
    os.environ |= {"TINTYPE_HOST": settings.host, "TINTYPE_PORT": str(port)}
    Server(address, port, target=INFERENCE_TARGET).run()
