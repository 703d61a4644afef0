"""Prints results as tables."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.emails import EmailCount
from domain.health import Health
from domain.invites import Invite
from domain.ledger import Budget, Spending
from domain.profiles import Profile
from domain.roles import Role
from domain.understanding import TaskCount
from entrypoints.cli.output import clean


def print_users(profiles: Sequence[Profile]) -> None:
    table = _table("name", "e-mail", "role", "joined")
    for numbers in ("posts", "followers"):
        table.add_column(numbers, justify="right")
    for user in (profile.user for profile in profiles):
        role = "pending" if user.is_pending else "" if user.role is Role.USER else user.role.value
        cells = user.username, clean(user.email), role, f"{user.created_at:%Y-%m-%d}"
        table.add_row(*map(Text, cells), str(user.posts_count), str(user.followers_count))
    _print_table(table, "There are no accounts yet: create one with `tintype user add NAME --email E`.")


def print_invites(invites: Sequence[Invite]) -> None:
    table = _table()
    for column in ("id", "code", "uses", "expires"):
        table.add_column(column, overflow="fold")
    for invite in invites:
        table.add_row(
            str(invite.id), invite.code, f"{invite.uses} of {invite.max_uses}", f"{invite.expires_at:%Y-%m-%d}"
        )
    _print_table(table, "There are no invitations: create one with `tintype invite create`.")


def print_task_counts(counts: Sequence[TaskCount]) -> None:
    table = _table("task", "state")
    table.add_column("images", justify="right")
    table.add_column("example error")
    for count in counts:
        table.add_row(count.task, count.state, f"{count.count:,}", Text(clean(count.example_error or "")))
    _print_table(table, "")


def print_email_counts(counts: Sequence[EmailCount]) -> None:
    table = _table("e-mail")
    table.add_column("count", justify="right")
    table.add_column("example error")
    for count in counts:
        table.add_row(count.state, f"{count.count:,}", Text(clean(count.example_error or "")))
    _print_table(table, "")


def spending(spending: Spending, budget: Budget) -> str:
    calls = "1 paid caption" if spending.calls == 1 else f"{spending.calls:,} paid captions"
    return f"Today (UTC): {calls}, {spending.usd:.4f} of {budget.daily:.2f} US dollars."


def print_health(checks: Sequence[Health]) -> None:
    table = _table("part", "", "result")
    for part in checks:
        mark = Text("ok", "green") if part.ok else Text("no", "red") if part.required else Text("not yet", "yellow")
        text = Text(part.detail)
        if part.remedy:
            text.append(f"\n{part.remedy}", "bold")
        table.add_row(part.part, mark, text)
    _print_table(table, "")


def _table(*columns: str) -> Table:
    return Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)


def _print_table(table: Table, empty_text: str) -> None:
    Console(highlight=False).print(table if table.row_count else empty_text)
