from adapters.memory.transaction import Transaction
from domain.ids import PostId, UserId
from domain.search import Document, ImageText, SearchIndex


class MemorySearchIndex(SearchIndex):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def refresh(self, post_id: PostId) -> None:
        tables = await self._transaction.tables()
        post = tables.posts.get(post_id)
        if post is not None:
            images = [ImageText.of(tables.images[image_id]) for image_id in post.image_ids]
            tables.documents[post_id] = Document.of(post.text, images)

    async def refresh_name(self, user_id: UserId) -> None:
        """Do nothing: names are compared as stored."""
