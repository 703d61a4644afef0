"""`tintype inference`: the model, served by itself."""

import os

from container import Container
from entrypoints.default_model import ensure_model_apart
from entrypoints.logs import configure
from entrypoints.serving.api import INFERENCE, Api
from entrypoints.serving.ports import claim, claim_metrics
from entrypoints.settings import Settings


def serve_inference(settings: Settings, port: int) -> None:
    """Serve until told to stop. Raises `Unavailable` when the port cannot be had. Needs no database."""
    configure()
    container = Container(config=settings.config())
    container.network_runtime()  # raises where it is missing
    address = claim(settings.host, port)
    claim_metrics(settings.host, settings.metrics_port, port)
    ensure_model_apart(container, settings)
    # The children read their settings from the environment, as any process does.
    os.environ |= {"TINTYPE_HOST": settings.host, "TINTYPE_PORT": str(port)}
    Api(address, port, target=INFERENCE).run()
