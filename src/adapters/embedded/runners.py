"""Chooses how to run PostgreSQL on this machine."""

import os
from collections.abc import Iterator

from adapters.embedded.accounts import Account, accounts_for
from adapters.embedded.mount_namespace import mount_namespace_runner
from adapters.embedded.paths import ClusterPaths
from adapters.embedded.relocation import relocate
from adapters.embedded.runner import Runner, as_account
from adapters.embedded.user_namespace import user_namespace_runner


def runner_for(paths: ClusterPaths, *, user_namespace: bool) -> Runner:
    """The first runner by which the server reaches its folder. If there is none, the folder is moved.

    PostgreSQL refuses to run as root, and the account that runs it may not be allowed to traverse root's folders.
    """
    if os.geteuid() != 0:
        runners = [Runner(owner=Account.of(os.geteuid()))]
        return _find_reaching(paths, iter(runners)) or relocate(paths, runners)
    accounts = accounts_for(paths)
    runner = _find_reaching(paths, _root_runners(paths, accounts, user_namespace=user_namespace))
    return runner or relocate(paths, [as_account(account) for account in accounts])


def _root_runners(paths: ClusterPaths, accounts: list[Account], *, user_namespace: bool) -> Iterator[Runner]:
    """Runners in order of preference: the least change and the least access first."""
    yield from (as_account(account) for account in accounts)
    yield from (runner for account in accounts if (runner := mount_namespace_runner(account, paths.base)))
    if user_namespace:
        yield user_namespace_runner()


def _find_reaching(paths: ClusterPaths, runners: Iterator[Runner]) -> Runner | None:
    if "\n" in str(paths.base):  # PostgreSQL could not parse its own line-based postmaster.pid
        return None
    folders = {paths.base, paths.data.resolve().parent}  # the data folder may be a link to a larger disk
    return next((runner for runner in runners if all(runner.can_enter(folder) for folder in folders)), None)
