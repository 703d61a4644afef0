import hashlib
from dataclasses import replace

import pytest

from adapters.altcha.challenges import AltchaChallenges
from domain.challenges import Challenge, Challenges
from tests.contracts.challenges import NOW, ChallengesContract, encode

SECRET = "a secret of at least 32 characters"


@pytest.fixture
def challenges() -> Challenges:
    return AltchaChallenges(SECRET)


def solve(challenge: Challenge) -> int:
    """Solve the challenge like a browser."""
    for number in range(challenge.maxnumber + 1):
        if hashlib.sha256(f"{challenge.salt}{number}".encode()).hexdigest() == challenge.challenge:
            return number
    raise AssertionError("the challenge has no solution")


class TestAltchaChallenges(ChallengesContract):
    def solve(self, challenge: Challenge) -> int:
        return solve(challenge)


def test_processes_with_the_same_secret_accept_each_others_challenges() -> None:
    challenge = AltchaChallenges(SECRET).create(NOW)
    answer = encode(challenge, solve(challenge))

    assert AltchaChallenges(SECRET).verify(answer, NOW) == challenge.challenge
    assert AltchaChallenges("another secret of 32 characters..").verify(answer, NOW) is None


def test_expiry_cannot_be_changed() -> None:
    challenge = AltchaChallenges(SECRET).create(NOW)
    number = solve(challenge)
    forged = replace(challenge, salt=challenge.salt.replace("expires=1", "expires=9"))

    assert forged.salt != challenge.salt
    assert AltchaChallenges(SECRET).verify(encode(forged, number), NOW) is None


@pytest.mark.parametrize("member", ["challenge", "salt", "signature"])
@pytest.mark.parametrize("text", ["é", "\ud800", "\0"])
def test_member_with_other_characters_is_refused(member: str, text: str) -> None:
    challenge = AltchaChallenges(SECRET).create(NOW)
    forged = replace(challenge, **{member: text + getattr(challenge, member)})

    assert AltchaChallenges(SECRET).verify(encode(forged, solve(challenge)), NOW) is None
