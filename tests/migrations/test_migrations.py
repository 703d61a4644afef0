"""Migrations on a real database."""

import asyncio
import re
from pathlib import Path

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from adapters.postgres.database import Database
from adapters.postgres.errors import DatabaseUnavailable
from adapters.postgres.migrations import PostgresMigrations, UnknownMigration
from adapters.postgres.revisions import Migration, known_migrations, newest_revision, oldest_release
from adapters.postgres.tables import metadata
from domain.errors import Invalid
from release import RELEASE, order
from tests.databases import Databases

pytestmark = pytest.mark.postgres

SCRIPTS = Path(__file__).resolve().parents[2] / "migrations"
REVISIONS = [script.revision for script in reversed(list(ScriptDirectory(str(SCRIPTS)).walk_revisions()))]

RELEASED = set(REVISIONS[REVISIONS.index("0032_schema_support") :])
"""The migrations since the first release."""

_A_LABELLED_IMAGE = """
insert into users (id, username, email, password_hash, display_name, created_at)
values (gen_random_uuid(), 'ada', 'ada@example.org', 'hash', 'Ada', now());
insert into images (id, owner_id, original, width, height, content_type, thumb_key, thumb_type, medium_key, medium_type,
                    large_key, large_type, placeholder, created_at)
select gen_random_uuid(), id, 'o', 1, 1, 'image/png', 't', 'image/png', 'm', 'image/png', 'l', 'image/png', '', now()
from users;
insert into image_labels (image_id, position, key, name, score, verdict)
select id, 0, 'n1', 'beagle', 0.9, null from images union all select id, 1, 'tag:dog', 'dog', 0.5, 'wrong' from images
"""


@pytest.fixture
def empty_url(databases: Databases) -> str:
    return databases.create_empty()


@pytest.fixture
def migrations(empty_url: str) -> PostgresMigrations:
    return PostgresMigrations(Database(empty_url))


async def test_migrations_can_be_applied_reverted_and_applied_again(migrations: PostgresMigrations) -> None:
    below = "base"
    for revision in REVISIONS:
        assert await migrations.upgrade(revision) == [revision]
        assert await migrations.downgrade(below) == [revision]
        assert await migrations.upgrade(revision) == [revision]
        below = revision

    assert (await migrations.state()).revision == newest_revision() == REVISIONS[-1]


async def test_verdicts_move_to_table_and_back(migrations: PostgresMigrations, empty_url: str) -> None:
    verdicts = REVISIONS.index("0007_verdicts")
    await migrations.upgrade(REVISIONS[verdicts - 1])
    connection = await asyncpg.connect(empty_url)
    await connection.execute(_A_LABELLED_IMAGE)

    await migrations.upgrade("0007_verdicts")
    (moved,) = await connection.fetch("select key, name, verdict from label_verdicts")
    await migrations.downgrade(REVISIONS[verdicts - 1])
    back = await connection.fetch("select key, verdict from image_labels order by position")
    await connection.close()

    assert tuple(moved) == ("tag:dog", "dog", "wrong")
    assert [tuple(row) for row in back] == [("n1", None), ("tag:dog", "wrong")]


async def test_downgrade_to_base_leaves_nothing(migrations: PostgresMigrations, empty_url: str) -> None:
    await migrations.upgrade()
    assert await migrations.downgrade("base") == REVISIONS[::-1]

    connection = await asyncpg.connect(empty_url)
    left = await connection.fetch(
        "select table_schema, table_name from information_schema.tables "
        "where table_schema not in ('pg_catalog', 'information_schema') and table_name <> 'alembic_version'"
    )
    await connection.close()
    assert left == []


async def test_tables_match_migrations(migrations: PostgresMigrations) -> None:
    def differences(connection: Connection) -> list[object]:
        options = {"compare_server_default": True, "compare_type": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    await migrations.upgrade()

    assert await migrations.run(differences) == []


async def test_repeated_upgrade_does_nothing(migrations: PostgresMigrations) -> None:
    assert await migrations.upgrade() == REVISIONS
    assert await migrations.upgrade() == []


async def test_concurrent_upgrades_succeed(empty_url: str) -> None:
    both = [PostgresMigrations(Database(empty_url)).upgrade() for _ in range(2)]

    done = await asyncio.gather(*both)

    assert sorted(done, key=len) == [[], REVISIONS]


async def pretend_newer(url: str, oldest_release: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("update alembic_version set version_num = '9999_later'")
    await connection.execute("update schema_support set oldest_release = $1", oldest_release)
    await connection.close()


async def test_schema_of_newer_release_stays_as_it_is(migrations: PostgresMigrations, empty_url: str) -> None:
    await migrations.upgrade()
    await pretend_newer(empty_url, RELEASE)

    assert await migrations.upgrade() == []
    assert (await migrations.state()).is_usable
    with pytest.raises(UnknownMigration, match=f"9999_later, which Tintype {RELEASE} does not know"):
        await migrations.downgrade("base")
    assert (await migrations.state()).revision == "9999_later"


async def test_schema_that_excludes_this_release_is_refused(migrations: PostgresMigrations, empty_url: str) -> None:
    await migrations.upgrade()
    await pretend_newer(empty_url, "10.0.0")

    with pytest.raises(UnknownMigration, match=r"use Tintype 10\.0\.0 or newer"):
        await migrations.upgrade()
    assert not (await migrations.state()).is_usable


async def test_schema_states_oldest_release_that_it_supports(migrations: PostgresMigrations) -> None:
    await migrations.upgrade("0031_sensitive_media")
    before = (await migrations.state()).oldest_release
    await migrations.upgrade()
    after = (await migrations.state()).oldest_release
    await migrations.downgrade("0031_sensitive_media")

    assert (before, after) == (None, oldest_release(newest_revision()))
    assert (await migrations.state()).oldest_release is None


@pytest.mark.parametrize("migration", known_migrations().values(), ids=lambda migration: migration.revision)
def test_only_contracting_migrations_exclude_releases(migration: Migration) -> None:
    supported, before = oldest_release(migration.revision), oldest_release(migration.previous)

    assert migration.kind in {"expand", "contract"}
    assert supported is not None
    assert order(supported) <= order(RELEASE)
    if before is not None and migration.kind == "expand":
        assert supported == before
    if migration.previous in RELEASED and migration.kind == "contract":
        assert supported != before, "a contracting migration names a newer oldest_release"


async def test_migration_waits_for_lock_of_long_transaction(migrations: PostgresMigrations, empty_url: str) -> None:
    await migrations.upgrade("0030_blocklist")
    reader = await asyncpg.connect(empty_url)
    await reader.execute("begin")
    await reader.execute("select from users")

    upgrading = asyncio.create_task(migrations.upgrade("0031_sensitive_media"))
    await asyncio.sleep(7)  # longer than the lock timeout of five seconds
    assert not upgrading.done()
    await reader.close()

    assert await upgrading == ["0031_sensitive_media"]


def test_revisions_are_those_of_alembic() -> None:
    assert newest_revision() == REVISIONS[-1]
    assert known_migrations().keys() == set(REVISIONS)


async def test_empty_database_has_no_revision(migrations: PostgresMigrations) -> None:
    assert (await migrations.state()).revision is None


async def test_unknown_revision_is_refused(migrations: PostgresMigrations) -> None:
    with pytest.raises(Invalid, match="nowhere"):
        await migrations.upgrade("nowhere")


async def test_unreachable_database_is_reported() -> None:
    migrations = PostgresMigrations(Database("postgresql://localhost:1/nowhere"))

    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        await migrations.upgrade()


@pytest.mark.parametrize("path", sorted((SCRIPTS / "versions").glob("*.py")), ids=lambda path: path.stem)
def test_migration_files_have_date_and_name(path: Path) -> None:
    assert re.fullmatch(r"20\d\d_\d\d_\d\d_\d{4}_[a-z_]+\.py", path.name)


async def test_constraints_and_indexes_follow_naming_convention(migrations: PostgresMigrations, empty_url: str) -> None:
    await migrations.upgrade()
    connection = await asyncpg.connect(empty_url)
    names = await connection.fetch(
        "select conrelid::regclass::text as table, conname as name from pg_constraint "
        "where connamespace = 'public'::regnamespace and contype <> 'n'"
    )
    await connection.close()

    others = [
        row["name"] for row in names if not re.fullmatch(rf"{row['table']}_\w*(pkey|key|fkey|check)", row["name"])
    ]
    assert [name for name in others if not name.startswith("alembic")] == []
