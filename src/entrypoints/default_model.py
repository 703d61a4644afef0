"""Installation of the default model before a service starts."""

import logging
import multiprocessing
from multiprocessing.process import BaseProcess

from container import Container
from domain.errors import DomainError
from domain.vision import Installer, Model
from entrypoints.choices import Classifier
from entrypoints.settings import Settings

logger = logging.getLogger("tintype.model")


def ensure_model(container: Container) -> None:
    """Install the default model if this process classifies images and has no model. A failure is only logged, because
    images can wait for a model."""
    if not _lacks_model(container):
        return
    try:
        model = container.installing().install_default()
        if container.model_store().installer() is Installer.DEFAULT:
            logger.info("installed the default model %s (%s, from %s)", model, model.licence, model.source)
    except DomainError as error:
        logger.warning("the default model cannot be installed: %s", error.operator_message)


def ensure_model_in_subprocess(container: Container, settings: Settings) -> None:
    """Do the same in a separate process, so that the memory for building the network is released."""
    if not _lacks_model(container):
        return
    process: BaseProcess = multiprocessing.get_context().Process(
        target=_ensure_in_child, args=(settings,), name="install-model"
    )
    process.start()
    process.join()


def current_model(container: Container) -> Model | None:
    """Return the installed model. If its files are damaged, log a line and return None."""
    try:
        model: Model | None = container.model_store().current()
    except DomainError as error:
        logger.warning("%s", error.operator_message)
        return None
    return model


def _lacks_model(container: Container) -> bool:
    if container.config.classifier() != Classifier.ONNX:
        return False
    try:
        return container.model_store().installer() is None
    except DomainError:  # the files are damaged; an operator must act
        return False


def _ensure_in_child(settings: Settings) -> None:
    from entrypoints.logs import configure_logging

    configure_logging()
    ensure_model(Container(config=settings.config()))
