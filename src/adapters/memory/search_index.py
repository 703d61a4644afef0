from adapters.memory.transaction import Transaction
from domain.ids import PostId, UserId
from domain.search import Document, ImageText, SearchIndex


class MemorySearchIndex(SearchIndex):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def refresh(self, *post_ids: PostId) -> None:
        tables = await self._transaction.tables()
        for post_id in post_ids:
            post = tables.posts.get(post_id)
            if post is not None:
                images = [ImageText.of(tables.images[image_id]) for image_id in post.image_ids]
                tables.documents[post_id] = Document.of(post.text, images)

    async def refresh_names(self, *user_ids: UserId) -> None:
        """Do nothing: names are compared as stored."""
