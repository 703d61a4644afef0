"""Makes the model of this machine the one of the whole deployment."""

from domain.errors import Unavailable
from entrypoints.choices import Classifier, Store
from entrypoints.cli.command_context import CommandContext
from entrypoints.lifecycle import connect


async def publish_model(command: CommandContext) -> None:
    """Publish the model that this machine uses. Raises `ModelMissing`, `Unavailable`."""
    desired = await command.container.model_synchronizing().publish()
    command.out.print_note(f"{desired} is the model of this deployment from now on.")


async def publish_change(command: CommandContext) -> None:
    """Publish a model that was just changed, if other machines may share the database. On a machine with the embedded
    database, the service does it by itself."""
    config = command.container.config
    shares = config.store() == Store.POSTGRES and config.database() == "external"
    if not shares or config.classifier() != Classifier.ONNX:
        return
    try:
        async with connect(command.container):
            await publish_model(command)
    except Unavailable as error:
        command.out.print_note(
            f"Only this machine has the model: {error.operator_message}. "
            "Run `tintype model publish` when the database works."
        )
