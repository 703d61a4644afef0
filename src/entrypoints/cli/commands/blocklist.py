"""`tintype blocklist`: the list of known images."""

from pathlib import Path
from typing import Annotated

import typer

from entrypoints.cli.options import Actor, Json, Limit, command_group

app = command_group("blocklist", "Edit, import and export the list of known images.")

Kind = Annotated[str, typer.Option("--kind", metavar="K", help="sha256, perceptual or pdq.")]
Reason = Annotated[str, typer.Option("--reason", metavar="T", help="Why the images are listed, for moderators.")]
Source = Annotated[str, typer.Option("--source", metavar="S", help="Where the hashes come from.")]


@app.command()
def add(
    context: typer.Context,
    value: Annotated[
        str, typer.Argument(metavar="HASH", show_default=False, help="Hexadecimal, or the id of an image.")
    ],
    reason: Reason,
    me: Actor,
    kind: Annotated[
        str, typer.Option("--kind", metavar="K", help="sha256, perceptual or pdq; `image` adds all hashes of an image.")
    ] = "image",
    source: Source = "",
    as_json: Json = False,
) -> None:
    """Add a hash, or the hashes of an image. `--as` names a moderator."""
    from domain.blocklist import HashKind, NewEntry
    from domain.images import ImageNotFound
    from entrypoints.cli.command_context import CommandContext, parse_image_id, run_with_database
    from entrypoints.cli.targets import parse_choice, require_moderator
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        moderator, blocklisting = await require_moderator(command, me), command.container.blocklisting()
        if kind == "image":
            image_id = parse_image_id(value)
            if image_id is None:
                raise ImageNotFound
            added = await blocklisting.add_image(moderator, image_id, reason, source)
        else:
            added = await blocklisting.add(
                moderator, [NewEntry(parse_choice("kind", kind, HashKind), value, reason, source)]
            )
        command.out.print_result({"added": added}, f"Added {pluralize(added, 'hash value')}.")

    run_with_database(context, as_json, action)


@app.command("list")
def list_(context: typer.Context, limit: Limit = 20, as_json: Json = False) -> None:
    """List the hashes, newest first."""
    from entrypoints.cli import rest_shapes
    from entrypoints.cli.command_context import CommandContext, iter_items, run_with_database
    from entrypoints.cli.output import clean

    async def action(command: CommandContext) -> None:
        is_empty = True
        async for entry in iter_items(command.container.blocklisting().entries, limit):
            is_empty = False
            source = f" ({entry.source})" if entry.source else ""
            text = f"{entry.id} {entry.kind} {entry.value}\n  {entry.reason}{source}, added by {entry.added_by}"
            command.out.print_result(rest_shapes.blocklist_entry(entry), clean(text))
        if is_empty:
            command.out.print_note("The blocklist is empty.")

    run_with_database(context, as_json, action)


@app.command()
def delete(
    context: typer.Context,
    entry_id: Annotated[str, typer.Argument(metavar="ENTRY_ID", show_default=False)],
    me: Actor,
    as_json: Json = False,
) -> None:
    """Delete a hash. Quarantined images stay so until a moderator decides."""
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.cli.targets import parse_entry_id, require_moderator

    async def action(command: CommandContext) -> None:
        moderator = await require_moderator(command, me)
        await command.container.blocklisting().delete(moderator, parse_entry_id(entry_id))
        command.out.print_result({"deleted": entry_id}, f"Deleted {entry_id}.")

    run_with_database(context, as_json, action)


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", show_default=False, help="CSV as exported, or one hash a line.")
    ],
    me: Actor,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="K", help="For one hash a line: sha256, perceptual or pdq.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="T", help="For lines without a reason.")] = "",
    source: Source = "",
    as_json: Json = False,
) -> None:
    """Add the hashes of a file, all or none."""
    from domain.blocklist import HashKind
    from entrypoints.cli.blocklist_files import read_entries
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.cli.targets import parse_choice, require_moderator
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        moderator = await require_moderator(command, me)
        chosen = parse_choice("kind", kind, HashKind) if kind else None
        entries = read_entries(file, chosen, reason, source)
        added = await command.container.blocklisting().add(moderator, entries)
        text = f"Added {pluralize(added, 'hash value')}; {len(entries) - added} were in the list already."
        command.out.print_result({"added": added, "read": len(entries)}, text)

    run_with_database(context, as_json, action)


@app.command()
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="A new CSV file.")],
    kind: Annotated[str | None, typer.Option("--kind", metavar="K", help="Only sha256, perceptual or pdq.")] = None,
    as_json: Json = False,
) -> None:
    """Write the hashes to a CSV file: kind, value, reason, source."""
    from domain.blocklist import HashKind
    from entrypoints.cli.blocklist_files import write_entries
    from entrypoints.cli.command_context import CommandContext, iter_items, run_with_database
    from entrypoints.cli.targets import parse_choice
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        chosen = parse_choice("kind", kind, HashKind) if kind else None
        listed = [entry async for entry in iter_items(command.container.blocklisting().entries)]
        written = [entry for entry in listed if chosen in {None, entry.kind}]
        write_entries(file, written)
        text = f"Wrote {pluralize(len(written), 'hash value')} to {file}."
        command.out.print_result({"written": len(written), "file": str(file)}, text)

    run_with_database(context, as_json, action)
