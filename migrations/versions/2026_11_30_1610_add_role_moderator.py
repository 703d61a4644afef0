"""The role moderator. The new check is validated without a lock that blocks writes."""

from alembic import op

revision = "0021_moderators"
down_revision = "0020_emails"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    _replace_check("'user', 'moderator', 'admin'")


def downgrade() -> None:
    op.execute("update users set role = 'user' where role = 'moderator'")
    _replace_check("'user', 'admin'")


def _replace_check(roles: str) -> None:
    with op.get_context().autocommit_block():
        op.execute(
            "alter table users drop constraint if exists users_role_check, "
            f"add constraint users_role_check check (role in ({roles})) not valid"
        )
        op.execute("alter table users validate constraint users_role_check")
