"""How pages show sensitive posts to a user. The column has a constant default, and the constraint is validated without
blocking writes."""

import sqlalchemy as sa
from alembic import op

revision = "0031_sensitive_media"
down_revision = "0030_blocklist"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"

CHECK = "users_sensitive_media_check"


def upgrade() -> None:
    op.add_column("users", sa.Column("sensitive_media", sa.Text(), nullable=False, server_default=sa.text("'blur'")))
    op.execute(f"alter table users add constraint {CHECK} check (sensitive_media in ('blur', 'show')) not valid")
    with op.get_context().autocommit_block():
        op.execute(f"alter table users validate constraint {CHECK}")


def downgrade() -> None:
    op.drop_constraint(CHECK, "users")
    op.drop_column("users", "sensitive_media")
