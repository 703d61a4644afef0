import logging

from domain.mailer import Mailer, Message

logger = logging.getLogger("tintype.mail")


class LogMailer(Mailer):
    """Writes messages to the log. Its operator passes the links on."""

    async def send(self, message: Message) -> None:
        kind = message.kind.value.replace("_", " ")
        link = f": {message.link}" if message.link else ""
        logger.info("message to @%s (%s)%s", message.username, kind, link)
