"""`tintype user`: accounts, as the operator of this machine sees them."""

import sys
from typing import Annotated

import typer

from entrypoints.cli.context import Json, Name, group

app = group("user", "Add, list, show and delete accounts; set passwords.")

PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")]


@app.command()
def add(
    context: typer.Context,
    name: Name,
    email: Annotated[str, typer.Option("--email", metavar="E")],
    password_stdin: PasswordStdin = False,
    admin: Annotated[bool, typer.Option("--admin", help="The account may administer.")] = False,
    as_json: Json = False,
) -> None:
    """Open an account."""
    from domain.users import Role, SignUp
    from entrypoints.cli import posts
    from entrypoints.cli.desk import Desk, at_desk

    newcomer = SignUp(name, email, _password(password_stdin), role=Role.ADMIN if admin else Role.USER)

    async def story(desk: Desk) -> None:
        profile = await desk.container.accounts().sign_up(newcomer)
        rank = "an administrator's account" if admin else "an account"
        desk.out.tell(posts.user(profile), f"{profile.user.username} has {rank} now.")

    at_desk(context, as_json, story)


@app.command("list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """List all accounts, newest first."""
    from entrypoints.cli import posts, tables
    from entrypoints.cli.desk import Desk, at_desk, walk

    async def story(desk: Desk) -> None:
        profiles = walk(desk.container.accounts().everybody)
        if desk.out.as_json:
            async for profile in profiles:
                desk.out.tell(posts.user(profile), "")
        else:
            tables.people([profile async for profile in profiles])

    at_desk(context, as_json, story)


@app.command()
def show(context: typer.Context, name: Name, as_json: Json = False) -> None:
    """Show one account."""
    from entrypoints.cli import layout, posts
    from entrypoints.cli.desk import Desk, at_desk

    async def story(desk: Desk) -> None:
        profile = await desk.container.accounts().profile(name)
        desk.out.tell(posts.user(profile), layout.person(profile))

    at_desk(context, as_json, story)


@app.command()
def passwd(context: typer.Context, name: Name, password_stdin: PasswordStdin = False) -> None:
    """Set an account's password; its sessions end."""
    from entrypoints.cli.desk import Desk, at_desk

    password = _password(password_stdin)

    async def story(desk: Desk) -> None:
        await desk.container.accounts().set_password(name, password)
        desk.out.say(f"{name} has a new password; whoever was signed in with the old one is signed out.")

    at_desk(context, False, story)


@app.command()
def delete(context: typer.Context, name: Name, yes: Yes = False, as_json: Json = False) -> None:
    """Delete an account with its posts, images, comments, likes and follows."""
    from entrypoints.cli import posts
    from entrypoints.cli.desk import Desk, at_desk
    from entrypoints.wording import counted

    async def story(desk: Desk) -> None:
        profile = await desk.container.accounts().profile(name)
        whose = f"{profile.user.username} with {counted(profile.user.posts_count, 'post')}"
        if not yes and not typer.confirm(f"Delete {whose}? This cannot be undone.", err=True):
            desk.out.say("Nothing was deleted.")
            raise typer.Exit(1)
        await desk.container.accounts().delete(profile.user.id)
        desk.out.tell(posts.user(profile), f"Deleted {whose}; the name stays reserved for 30 days.")

    at_desk(context, as_json, story)


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise typer.BadParameter("there is no terminal to ask for the password; give it with --password-stdin")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
