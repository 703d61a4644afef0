"""Which way of running PostgreSQL a machine allows."""

import os
from collections.abc import Iterator

from adapters.embedded.accounts import Account, accounts_for
from adapters.embedded.mount_namespace import in_mount_namespace
from adapters.embedded.place import Place
from adapters.embedded.relocation import relocate
from adapters.embedded.runner import Runner, as_account
from adapters.embedded.user_namespace import in_user_namespace


def runner_for(place: Place, *, user_namespace: bool) -> Runner:
    """The first way by which the server reaches its folder; when there is none, the folder moves to where one is.

    PostgreSQL refuses to run as root, and whom it runs as instead may not be allowed to enter root's folders.
    """
    if os.geteuid() != 0:
        runners = [Runner(owner=Account.of(os.geteuid()))]
        return _reaching(place, iter(runners)) or relocate(place, runners)
    accounts = accounts_for(place)
    found = _reaching(place, _for_root(place, accounts, user_namespace=user_namespace))
    return found or relocate(place, [as_account(account) for account in accounts])


def _for_root(place: Place, accounts: list[Account], *, user_namespace: bool) -> Iterator[Runner]:
    """In the order of preference: what changes least and lets the server reach least comes first."""
    yield from (as_account(account) for account in accounts)
    yield from (runner for account in accounts if (runner := in_mount_namespace(account, place.base)))
    if user_namespace:
        yield in_user_namespace()


def _reaching(place: Place, runners: Iterator[Runner]) -> Runner | None:
    if "\n" in str(place.base):  # postmaster.pid has a line for each fact: PostgreSQL would misread its own
        return None
    folders = {place.base, place.data.resolve().parent}  # the data folder may be somebody's link to a larger disk
    return next((runner for runner in runners if all(runner.enters(folder) for folder in folders)), None)
