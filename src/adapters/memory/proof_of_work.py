import base64
import json
from datetime import datetime

from domain.proof_of_work import CHALLENGE_LIFETIME, ProofOfWork, WorkChallenge


class MemoryProofOfWork(ProofOfWork):
    """The number of each challenge is 1."""

    def __init__(self) -> None:
        self._created: dict[str, datetime] = {}

    def create(self, now: datetime) -> WorkChallenge:
        name = f"challenge {len(self._created)}"
        self._created[name] = now
        return WorkChallenge("none", name, "", "", 1)

    def verify(self, answer: str, now: datetime) -> str | None:
        try:
            payload = json.loads(base64.b64decode(answer))
            name, number = payload["challenge"], payload["number"]
        except (ValueError, KeyError, TypeError):
            return None
        created = self._created.get(name)
        is_valid = created is not None and number == 1 and now < created + CHALLENGE_LIFETIME
        return name if is_valid else None
