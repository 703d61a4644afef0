"""`tintype jobs`: how far the understanding of pictures has come."""

import typer

from entrypoints.cli.context import Json, group

app = group("jobs", "See and hasten the understanding of pictures.")


@app.command()
def status(context: typer.Context, as_json: Json = False) -> None:
    """Count the pictures in each state of each task, and today's captions."""
    from entrypoints.cli import shapes, tables
    from entrypoints.cli.desk import Desk, at_desk

    async def story(desk: Desk) -> None:
        counts = await desk.container.understanding().status()
        if not counts:
            desk.out.say("There are no pictures yet.")
        elif desk.out.as_json:
            for count in counts:
                desk.out.tell(shapes.task_count(count), "")
        else:
            tables.task_counts(counts)
        spent = await desk.container.captioning().spent_today()
        if spent.calls:
            desk.out.tell(shapes.spent(spent), tables.spent(spent, desk.container.budget()))

    at_desk(context, as_json, story)


@app.command()
def retry(context: typer.Context, as_json: Json = False) -> None:
    """Ask again for everything that failed for good."""
    from entrypoints.cli.desk import Desk, at_desk

    async def story(desk: Desk) -> None:
        count = await desk.container.understanding().retry_failed()
        said = f"{count} tasks are asked for again." if count else "Nothing has failed; nothing to ask for again."
        desk.out.tell({"retried": count}, said)

    at_desk(context, as_json, story)
