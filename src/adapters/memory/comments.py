from adapters.memory.transaction import Transaction
from domain.comments import Comment, Comments
from domain.ids import CommentId
from domain.users import UserNotFound


class MemoryComments(Comments):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, comment: Comment) -> None:
        tables = await self._transaction.tables()
        if comment.author_id not in tables.users:
            self._transaction.mark_failed()
            raise UserNotFound
        tables.add_comment(comment)

    async def get(self, comment_id: CommentId) -> Comment | None:
        return (await self._transaction.tables()).comments.get(comment_id)

    async def delete(self, comment_id: CommentId) -> None:
        (await self._transaction.tables()).drop_comment(comment_id)
