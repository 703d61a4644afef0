"""Approval of followers apart from the visibility of posts. Existing private accounts stay private, and their new posts
are for followers by default. Columns with constant defaults need no rewrite of the table, and the constraint is
validated without blocking writes."""

import sqlalchemy as sa
from alembic import op

revision = "0018_follow_approval"
down_revision = "0017_consents"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"

CHECK = "users_default_visibility_check"


def upgrade() -> None:
    op.add_column("users", sa.Column("follow_approval", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column(
        "users", sa.Column("default_visibility", sa.Text(), nullable=False, server_default=sa.text("'public'"))
    )
    op.execute(
        f"alter table users add constraint {CHECK} check (default_visibility in ('public', 'followers')) not valid"
    )
    op.execute("update users set follow_approval = true, default_visibility = 'followers' where private")
    with op.get_context().autocommit_block():
        op.execute(f"alter table users validate constraint {CHECK}")


def downgrade() -> None:
    op.drop_constraint(CHECK, "users")
    op.drop_column("users", "default_visibility")
    op.drop_column("users", "follow_approval")
