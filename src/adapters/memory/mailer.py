from domain.mailer import Mailer, Message


class MemoryMailer(Mailer):
    """Keeps what it was asked to send in `sent`, for tests."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    async def send(self, message: Message) -> None:
        self.sent.append(message)
