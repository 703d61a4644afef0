import hashlib
from dataclasses import replace

import pytest

from adapters.altcha.proof_of_work import AltchaProofOfWork
from domain.proof_of_work import ProofOfWork, WorkChallenge
from tests.contracts.proof_of_work import NOW, ProofOfWorkContract, encode

SECRET = "a secret of at least 32 characters"


@pytest.fixture
def proof_of_work() -> ProofOfWork:
    return AltchaProofOfWork(SECRET)


def solve(challenge: WorkChallenge) -> int:
    """Solve the challenge like a browser."""
    for number in range(challenge.maxnumber + 1):
        if hashlib.sha256(f"{challenge.salt}{number}".encode()).hexdigest() == challenge.challenge:
            return number
    raise AssertionError("the challenge has no solution")


class TestAltchaProofOfWork(ProofOfWorkContract):
    def solve(self, challenge: WorkChallenge) -> int:
        return solve(challenge)


def test_processes_with_the_same_secret_accept_each_others_challenges() -> None:
    challenge = AltchaProofOfWork(SECRET).create(NOW)
    answer = encode(challenge, solve(challenge))

    assert AltchaProofOfWork(SECRET).verify(answer, NOW) == challenge.challenge
    assert AltchaProofOfWork("another secret of 32 characters..").verify(answer, NOW) is None


def test_expiry_cannot_be_changed() -> None:
    challenge = AltchaProofOfWork(SECRET).create(NOW)
    number = solve(challenge)
    forged = replace(challenge, salt=challenge.salt.replace("expires=1", "expires=9"))

    assert forged.salt != challenge.salt
    assert AltchaProofOfWork(SECRET).verify(encode(forged, number), NOW) is None


@pytest.mark.parametrize("member", ["challenge", "salt", "signature"])
@pytest.mark.parametrize("text", ["é", "\ud800", "\0"])
def test_member_with_other_characters_is_refused(member: str, text: str) -> None:
    challenge = AltchaProofOfWork(SECRET).create(NOW)
    forged = replace(challenge, **{member: text + getattr(challenge, member)})

    assert AltchaProofOfWork(SECRET).verify(encode(forged, solve(challenge)), NOW) is None
