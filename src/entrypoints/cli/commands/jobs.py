"""`tintype jobs`: the progress of image analysis and of e-mails."""

import typer

from entrypoints.cli.options import Json, command_group

app = command_group("jobs", "Show and retry the analysis of images, and e-mails.")


@app.command()
def status(context: typer.Context, as_json: Json = False) -> None:
    """Count the images in each state of each task, e-mails in each state, and today's captions."""
    from entrypoints.cli import shapes, tables
    from entrypoints.cli.command_context import CommandContext, run_with_database

    async def action(command: CommandContext) -> None:
        counts = await command.container.image_analysis().task_counts()
        if not counts:
            command.out.print_note("There are no images yet.")
        elif command.out.as_json:
            for count in counts:
                command.out.print_result(shapes.task_count(count), "")
        else:
            tables.print_task_counts(counts)
        emails = await command.container.mailing().counts()
        if command.out.as_json:
            for email_count in emails:
                command.out.print_result(shapes.email_count(email_count), "")
        elif emails:
            tables.print_email_counts(emails)
        spent = await command.container.captioning().spent_today()
        if spent.calls:
            command.out.print_result(shapes.spending(spent), tables.spending(spent, command.container.budget()))

    run_with_database(context, as_json, action)


@app.command()
def retry(context: typer.Context, as_json: Json = False) -> None:
    """Retry all tasks and e-mails that have failed."""
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        count = await command.container.image_analysis().retry_failed()
        count += await command.container.mailing().retry_failed()
        text = f"Retrying {pluralize(count, 'task')}." if count else "No task has failed."
        command.out.print_result({"retried": count}, text)

    run_with_database(context, as_json, action)
