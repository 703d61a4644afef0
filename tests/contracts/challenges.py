"""The contract of `Challenges`. A binding provides the fixture `challenges`, and `solve`."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from domain.challenges import CHALLENGE_LIFETIME, Challenge, Challenges

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def encode(challenge: Challenge, number: object) -> str:
    """The answer to the challenge in the form of ALTCHA."""
    content = {
        "algorithm": challenge.algorithm,
        "challenge": challenge.challenge,
        "salt": challenge.salt,
        "signature": challenge.signature,
        "number": number,
    }
    return base64.b64encode(json.dumps(content).encode()).decode()


class ChallengesContract:
    def solve(self, challenge: Challenge) -> int:
        raise NotImplementedError

    def test_right_answer_identifies_its_challenge(self, challenges: Challenges) -> None:
        first, second = challenges.create(NOW), challenges.create(NOW)

        verified = [challenges.verify(encode(one, self.solve(one)), NOW) for one in (first, second, first)]

        assert verified[0] == verified[2] is not None
        assert verified[1] not in {None, verified[0]}

    def test_answer_is_valid_until_the_challenge_expires(self, challenges: Challenges) -> None:
        challenge = challenges.create(NOW)
        answer = encode(challenge, self.solve(challenge))

        assert challenges.verify(answer, NOW + CHALLENGE_LIFETIME - timedelta(seconds=1)) is not None
        assert challenges.verify(answer, NOW + CHALLENGE_LIFETIME) is None

    def test_wrong_number_is_refused(self, challenges: Challenges) -> None:
        challenge = challenges.create(NOW)
        number = self.solve(challenge)

        for wrong in (number + 1, -1, f"{number}x", None, [number], 1e99):
            assert challenges.verify(encode(challenge, wrong), NOW) is None

    @pytest.mark.parametrize(
        "answer", ["", "x", "é", "AAAA", "e30=", "W10=", "MQ==", base64.b64encode(b"\xff").decode(), "A" * 100_000]
    )
    def test_malformed_answer_is_refused(self, challenges: Challenges, answer: str) -> None:
        assert challenges.verify(answer, NOW) is None
