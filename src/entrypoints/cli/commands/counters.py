"""`tintype counters`: the counts that lists show, against the rows they count."""

import typer

from entrypoints.cli.context import Json, group

app = group("counters", "Prove that every count is exact.")


@app.command()
def verify(context: typer.Context, as_json: Json = False) -> None:
    """Compare every counter with its rows; exit 1 if one differs."""
    from entrypoints.cli import layout, shapes
    from entrypoints.cli.desk import Desk, at_desk

    async def story(desk: Desk) -> None:
        found = await desk.container.storage().counters.verify()
        for drift in found:
            desk.out.tell(shapes.drift(drift), layout.drift(drift))
        if found:
            desk.out.say(f"{len(found)} counters are wrong; `tintype counters repair` mends them.")
            raise typer.Exit(1)
        desk.out.say("Every counter equals its rows.")

    at_desk(context, as_json, story)


@app.command()
def repair(context: typer.Context, as_json: Json = False) -> None:
    """Set every wrong counter right, safely beside running traffic."""
    from entrypoints.cli import layout, shapes
    from entrypoints.cli.desk import Desk, at_desk

    async def story(desk: Desk) -> None:
        mended = await desk.container.storage().counters.repair()
        for drift in mended:
            desk.out.tell(shapes.drift(drift), layout.drift(drift))
        desk.out.say(f"Mended {len(mended)} counters." if mended else "Every counter was right; nothing to mend.")

    at_desk(context, as_json, story)
