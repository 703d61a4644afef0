"""`tintype invite`: invitations to sign up."""

from typing import Annotated

import typer

from entrypoints.cli.options import Json, command_group

app = command_group("invite", "Create, list and delete invitations to sign up.")


@app.command()
def create(
    context: typer.Context,
    uses: Annotated[int, typer.Option("--uses", help="Number of sign-ups.")] = 1,
    days: Annotated[int, typer.Option("--days", help="Days until it expires.")] = 7,
    as_json: Json = False,
) -> None:
    """Create an invitation."""
    from domain.invites import InviteRequest
    from entrypoints.cli import rest_shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database

    request = InviteRequest(uses, days)

    async def action(command: CommandContext) -> None:
        invite = await command.container.inviting().create(request)
        until = f"{invite.expires_at:%Y-%m-%d %H:%M} UTC"
        text = f"Created an invitation for {uses} sign-up(s) until {until}: /sign-up?invite={invite.code}"
        command.out.print_result(rest_shapes.invite(invite), text)

    run_with_database(context, as_json, action)


@app.command("list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """List all invitations, newest first."""
    from entrypoints.cli import rest_shapes, tables
    from entrypoints.cli.command_context import CommandContext, iter_items, run_with_database

    async def action(command: CommandContext) -> None:
        invites = [invite async for invite in iter_items(command.container.inviting().all_invites)]
        if not command.out.as_json:
            tables.print_invites(invites)
            return
        for invite in invites:
            command.out.print_result(rest_shapes.invite(invite), "")

    run_with_database(context, as_json, action)


@app.command()
def delete(
    context: typer.Context, invite_id: Annotated[str, typer.Argument(metavar="INVITE_ID", show_default=False)]
) -> None:
    """Delete an invitation; accounts that used it stay."""
    from uuid import UUID

    from domain.ids import InviteId
    from domain.invites import InviteNotFound
    from entrypoints.cli.command_context import CommandContext, run_with_database

    async def action(command: CommandContext) -> None:
        try:
            parsed = InviteId(UUID(invite_id))
        except ValueError:
            raise InviteNotFound from None
        await command.container.inviting().delete(parsed)
        command.out.print_note("Deleted the invitation.")

    run_with_database(context, False, action)
