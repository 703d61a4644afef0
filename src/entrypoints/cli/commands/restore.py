"""`tintype restore`."""

import typer

from entrypoints.cli.commands.backup import At, Source
from entrypoints.cli.options import Json


def add_to(app: typer.Typer) -> None:
    app.command()(restore)


def restore(context: typer.Context, source: Source, at: At = None, as_json: Json = False) -> None:
    """Restore a backup into an empty installation.

    A repetition continues an interrupted run.
    """
    from entrypoints.cli.backup_places import open_place, print_report
    from entrypoints.cli.command_context import CommandContext, run_without_database
    from entrypoints.cli.progress import progress
    from entrypoints.lifecycle import connect
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        container = command.container
        place = open_place(container, source)
        async with connect(container):
            report = await container.backing_up().restore(place, progress, at)
            if container.config.store() == "postgres":
                await container.migrations().upgrade()
        number = report.blobs.copied + report.blobs.present
        text = f"Restored the backup {report.manifest.name} with {pluralize(number, 'file')}."
        print_report(command.out, report, text)

    run_without_database(context, as_json, action)
