"""The contract of proofs of work. A binding provides the fixture `proof_of_work`, and `solve`."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from domain.proof_of_work import CHALLENGE_LIFETIME, ProofOfWork, WorkChallenge

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def encode(challenge: WorkChallenge, number: object) -> str:
    """The answer to the challenge in the form of ALTCHA."""
    content = {
        "algorithm": challenge.algorithm,
        "challenge": challenge.challenge,
        "salt": challenge.salt,
        "signature": challenge.signature,
        "number": number,
    }
    return base64.b64encode(json.dumps(content).encode()).decode()


class ProofOfWorkContract:
    def solve(self, challenge: WorkChallenge) -> int:
        raise NotImplementedError

    def test_right_answer_identifies_its_challenge(self, proof_of_work: ProofOfWork) -> None:
        first, second = proof_of_work.create(NOW), proof_of_work.create(NOW)

        verified = [proof_of_work.verify(encode(one, self.solve(one)), NOW) for one in (first, second, first)]

        assert verified[0] == verified[2] is not None
        assert verified[1] not in {None, verified[0]}

    def test_answer_is_valid_until_the_challenge_expires(self, proof_of_work: ProofOfWork) -> None:
        challenge = proof_of_work.create(NOW)
        answer = encode(challenge, self.solve(challenge))

        assert proof_of_work.verify(answer, NOW + CHALLENGE_LIFETIME - timedelta(seconds=1)) is not None
        assert proof_of_work.verify(answer, NOW + CHALLENGE_LIFETIME) is None

    def test_wrong_number_is_refused(self, proof_of_work: ProofOfWork) -> None:
        challenge = proof_of_work.create(NOW)
        number = self.solve(challenge)

        for wrong in (number + 1, -1, f"{number}x", None, [number], 1e99):
            assert proof_of_work.verify(encode(challenge, wrong), NOW) is None

    @pytest.mark.parametrize(
        "answer", ["", "x", "é", "AAAA", "e30=", "W10=", "MQ==", base64.b64encode(b"\xff").decode(), "A" * 100_000]
    )
    def test_malformed_answer_is_refused(self, proof_of_work: ProofOfWork, answer: str) -> None:
        assert proof_of_work.verify(answer, NOW) is None
