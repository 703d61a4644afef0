from dataclasses import replace

from adapters.memory.restrictions import is_image_quarantined
from adapters.memory.transaction import Transaction
from domain.ids import PostId
from domain.posts import Post, Posts
from domain.users import UserNotFound


class MemoryPosts(Posts):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, post: Post) -> None:
        tables = await self._transaction.tables()
        if post.author_id not in tables.users:
            self._transaction.mark_failed()
            raise UserNotFound
        tables.add_post(post)

    async def get(self, post_id: PostId) -> Post | None:
        return (await self._transaction.tables()).posts.get(post_id)

    async def save(self, post: Post) -> None:
        tables = await self._transaction.tables()
        stored = tables.posts.get(post.id)
        if stored is not None:
            tables.posts[post.id] = replace(
                stored,
                text=post.text,
                visibility=post.visibility,
                edited_at=post.edited_at,
                sensitive=post.sensitive,
                warning=post.warning,
            )

    async def delete(self, post_id: PostId) -> None:
        tables = await self._transaction.tables()
        post = tables.posts.get(post_id)
        for image_id in post.image_ids if post else ():
            if is_image_quarantined(tables, image_id):
                tables.detach(image_id)
        tables.drop_post(post_id)
