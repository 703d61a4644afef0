"""`tintype user`: administration of accounts on this machine."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from entrypoints.cli.options import Json, Name, command_group

app = command_group("user", "Add, list, show, approve, change and delete accounts.")

PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")]


@app.command()
def add(
    context: typer.Context,
    name: Name,
    email: Annotated[str, typer.Option("--email", metavar="E")],
    password_stdin: PasswordStdin = False,
    admin: Annotated[bool, typer.Option("--admin", help="Create an administrator account.")] = False,
    as_json: Json = False,
) -> None:
    """Create an account."""
    from domain.roles import Role
    from domain.users import SignUp
    from entrypoints.cli import rest_shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database

    sign_up = SignUp(name, email, _read_password(password_stdin), role=Role.ADMIN if admin else Role.USER)

    async def action(command: CommandContext) -> None:
        profile = await command.container.accounts().sign_up(sign_up)
        kind = "administrator account" if admin else "account"
        command.out.print_result(rest_shapes.user(profile), f"Created the {kind} {profile.user.username}.")

    run_with_database(context, as_json, action)


@app.command("list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """List all accounts, newest first."""
    from entrypoints.cli import rest_shapes, tables
    from entrypoints.cli.command_context import CommandContext, iter_items, run_with_database

    async def action(command: CommandContext) -> None:
        profiles = iter_items(command.container.accounts().all_users)
        if command.out.as_json:
            async for profile in profiles:
                command.out.print_result(rest_shapes.user(profile), "")
        else:
            tables.print_users([profile async for profile in profiles])

    run_with_database(context, as_json, action)


@app.command()
def show(context: typer.Context, name: Name, as_json: Json = False) -> None:
    """Show an account."""
    from entrypoints.cli import layout, rest_shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database

    async def action(command: CommandContext) -> None:
        profile = await command.container.accounts().account(name)
        command.out.print_result(rest_shapes.user(profile), layout.person(profile))

    run_with_database(context, as_json, action)


@app.command()
def passwd(context: typer.Context, name: Name, password_stdin: PasswordStdin = False) -> None:
    """Set an account's password and end its sessions."""
    from entrypoints.cli.command_context import CommandContext, run_with_database

    password = _read_password(password_stdin)

    async def action(command: CommandContext) -> None:
        await command.container.accounts().set_password(name, password)
        command.out.print_note(f"{name} has a new password; all sessions of the account have ended.")

    run_with_database(context, False, action)


@app.command("reset-factors")
def reset_factors(context: typer.Context, name: Name) -> None:
    """Remove an account's second factors and end its sessions."""
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        user = (await command.container.accounts().account(name)).user
        removed = pluralize(await command.container.factor_enrolment().reset(user.id), "second factor")
        command.out.print_note(f"Removed {removed} of {user.username}; all sessions of the account have ended.")

    run_with_database(context, False, action)


@app.command()
def email(context: typer.Context, name: Name, address: Annotated[str, typer.Argument(metavar="E")]) -> None:
    """Set an account's e-mail address without confirmation."""
    from entrypoints.cli.command_context import CommandContext, run_with_database

    async def action(command: CommandContext) -> None:
        await command.container.accounts().set_email(name, address)
        command.out.print_note(f"{name} has a new e-mail address; it is not verified.")

    run_with_database(context, False, action)


@app.command()
def role(
    context: typer.Context,
    name: Name,
    role: Annotated[Literal["user", "moderator", "admin"], typer.Argument(show_default=False)],
    as_json: Json = False,
) -> None:
    """Set an account's role."""
    from domain.roles import Role
    from entrypoints.cli import rest_shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database

    async def action(command: CommandContext) -> None:
        profile = await command.container.accounts().set_role(name, Role(role))
        command.out.print_result(rest_shapes.user(profile), f"{profile.user.username} has the role {role} now.")

    run_with_database(context, as_json, action)


@app.command()
def approve(context: typer.Context, name: Name) -> None:
    """Approve a sign-up that waits for approval."""
    from entrypoints.cli.command_context import CommandContext, run_with_database

    async def action(command: CommandContext) -> None:
        await command.container.signing_up().approve(name)
        command.out.print_note(f"Approved the sign-up of {name}.")

    run_with_database(context, False, action)


@app.command()
def refuse(context: typer.Context, name: Name) -> None:
    """Refuse a sign-up that waits for approval; its account is deleted."""
    from entrypoints.cli.command_context import CommandContext, run_with_database

    async def action(command: CommandContext) -> None:
        await command.container.signing_up().refuse(name)
        command.out.print_note(f"Refused the sign-up of {name}; the name stays reserved for 30 days.")

    run_with_database(context, False, action)


@app.command()
def delete(context: typer.Context, name: Name, yes: Yes = False, as_json: Json = False) -> None:
    """Delete an account with its posts, images, comments, likes and follows."""
    from entrypoints.cli import rest_shapes
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        profile = await command.container.accounts().account(name)
        account = f"{profile.user.username} with {pluralize(profile.user.posts_count, 'post')}"
        if not yes and not typer.confirm(f"Delete {account}? This cannot be undone.", err=True):
            command.out.print_note("Nothing was deleted.")
            raise typer.Exit(1)
        await command.container.accounts().delete(profile.user.id)
        command.out.print_result(rest_shapes.user(profile), f"Deleted {account}; the name stays reserved for 30 days.")

    run_with_database(context, as_json, action)


@app.command()
def export(
    context: typer.Context,
    name: Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    as_json: Json = False,
) -> None:
    """Write an account with its posts, images and relations to a new .zip.

    `tintype import` reads it. It contains private posts, the e-mail address and the original images with their
    metadata.
    """
    from entrypoints.archives.export import AccountExport
    from entrypoints.cli.command_context import CommandContext, run_with_database
    from entrypoints.cli.progress import progress
    from entrypoints.wording import pluralize

    async def action(command: CommandContext) -> None:
        container = command.container
        user = (await container.accounts().account(name)).user
        with progress("Exporting", user.posts_count) as advance:
            run = AccountExport(
                container.exporting(),
                user.id,
                container.config.link_base(),
                container.clock().now(),
                lambda: advance(""),
            )
            await run.write(file)
        done = run.summary
        shape = {"file": str(file), "posts": done.posts, "images": done.images, "missing": done.missing}
        missing = f" without {pluralize(done.missing, 'file')} that cannot be read" if done.missing else ""
        contents = f"{pluralize(done.posts, 'post')} and {pluralize(done.images, 'image')}{missing}"
        command.out.print_result(shape, f"Exported {user.username} to {file}: {contents}.")

    run_with_database(context, as_json, action)


def _read_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise typer.BadParameter("there is no terminal to enter the password; use --password-stdin")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
