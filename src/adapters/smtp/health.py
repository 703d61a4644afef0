"""Checks that the mail server accepts connections and the credentials. It sends nothing."""

import asyncio

from adapters.smtp.mailer import connect, translate_errors
from domain.errors import Unavailable
from domain.health import Health, Probe
from domain.mail_server import MailServer

PART = "mail"
TIMEOUT = 2


class SmtpProbe(Probe):
    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def check(self) -> Health:
        where = f"{self._server.host}:{self._server.port}"
        try:
            with translate_errors(where):
                async with asyncio.timeout(TIMEOUT), connect(self._server):
                    return Health(PART, True, f"by {where}", required=False)
        except Unavailable as error:
            return Health(PART, False, error.operator_message, "E-mails wait and are tried again.", required=False)
