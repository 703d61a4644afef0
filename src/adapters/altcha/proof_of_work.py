"""Challenges of ALTCHA: SHA-256 with an HMAC, so that nothing is stored until an answer arrives."""

import base64
import binascii
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from domain.json_input import parse_json
from domain.proof_of_work import CHALLENGE_LIFETIME, ProofOfWork, WorkChallenge

ALGORITHM: Final = "SHA-256"
MAX_NUMBER = 50_000
"""Half of it are tried on average: less than a second in a browser."""
MAX_ANSWER = 2_000


class AltchaProofOfWork(ProofOfWork):
    def __init__(self, secret: str) -> None:
        self._secret = secret

    def create(self, now: datetime) -> WorkChallenge:
        from altcha import v1  # takes 20 ms, which servers without challenges save

        options = v1.ChallengeOptions(
            algorithm=ALGORITHM, max_number=MAX_NUMBER, hmac_key=self._secret, expires=now + CHALLENGE_LIFETIME
        )
        made = v1.create_challenge(options)
        return WorkChallenge(made.algorithm, made.challenge, made.salt, made.signature, MAX_NUMBER)

    def verify(self, answer: str, now: datetime) -> str | None:
        from altcha import v1

        payload = _parse_answer(answer)
        if payload is None or _expires_at(v1.extract_params(payload)) <= now:
            return None
        is_valid, _ = v1.verify_solution(payload, self._secret, check_expires=False)
        return str(payload["challenge"]) if is_valid else None


def _parse_answer(answer: str) -> Any:
    """Return the members of a well-formed answer; else None."""
    if len(answer) > MAX_ANSWER:
        return None
    try:
        payload = parse_json(base64.b64decode(answer, validate=True))
    except (ValueError, binascii.Error):
        return None
    if not isinstance(payload, dict) or payload.get("algorithm") != ALGORITHM:
        return None
    texts = [payload.get(name) for name in ("challenge", "salt", "signature")]
    is_complete = all(isinstance(text, str) and text.isascii() for text in texts) and type(payload.get("number")) is int
    return payload if is_complete else None


def _expires_at(parameters: dict[str, list[str]]) -> datetime:
    with suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(int(parameters.get("expires", ["0"])[0]), UTC)
    return datetime.min.replace(tzinfo=UTC)
