"""Answers kept for requests sent twice."""

from asyncio import gather
from datetime import timedelta

import pytest

from domain.idempotency import CLAIMED_FOR, KEPT_FOR, Answer, KeyReused, RequestInProgress
from tests.contracts.world import BEGINNING, World, at

MOMENT = timedelta(seconds=1)
ANSWER = Answer(201, (("location", "/v1/posts/1"), ("location", "twice")), b'{"text": "\xc3\xa4"}\x00')


class AnswersContract:
    async def test_the_first_goes_ahead_and_the_second_gets_its_answer(self, world: World) -> None:
        assert await world.storage.answers.claim("scope", "print", at(0)) is None
        await world.storage.answers.keep("scope", ANSWER, at(1))

        for _ in range(2):
            assert await world.storage.answers.claim("scope", "print", at(2)) == ANSWER

    async def test_while_the_first_runs_others_are_told_so(self, world: World) -> None:
        await world.storage.answers.claim("scope", "print", at(0))

        with pytest.raises(RequestInProgress):
            await world.storage.answers.claim("scope", "print", at(1))

    async def test_another_request_under_the_same_key_is_refused(self, world: World) -> None:
        await world.storage.answers.claim("scope", "print", at(0))
        with pytest.raises(KeyReused):
            await world.storage.answers.claim("scope", "other", at(1))

        await world.storage.answers.keep("scope", ANSWER, at(2))
        with pytest.raises(KeyReused):
            await world.storage.answers.claim("scope", "other", at(3))

    async def test_scopes_do_not_touch(self, world: World) -> None:
        await world.storage.answers.claim("scope", "print", at(0))

        assert await world.storage.answers.claim("Scope", "other", at(1)) is None

    async def test_what_was_given_back_can_be_claimed_again(self, world: World) -> None:
        await world.storage.answers.claim("scope", "print", at(0))
        await world.storage.answers.release("scope")
        await world.storage.answers.release("scope")

        assert await world.storage.answers.claim("scope", "other", at(1)) is None

    async def test_a_kept_answer_is_not_given_back(self, world: World) -> None:
        await world.storage.answers.claim("scope", "print", at(0))
        await world.storage.answers.keep("scope", ANSWER, at(1))

        await world.storage.answers.release("scope")

        assert await world.storage.answers.claim("scope", "print", at(2)) == ANSWER

    async def test_keeping_what_nobody_claimed_does_nothing(self, world: World) -> None:
        await world.storage.answers.keep("scope", ANSWER, at(0))

        assert await world.storage.answers.claim("scope", "print", at(1)) is None

    async def test_a_claim_whose_holder_died_can_be_taken_over(self, world: World) -> None:
        await world.storage.answers.claim("scope", "print", BEGINNING)

        with pytest.raises(RequestInProgress):
            await world.storage.answers.claim("scope", "print", BEGINNING + CLAIMED_FOR - MOMENT)
        assert await world.storage.answers.claim("scope", "print", BEGINNING + CLAIMED_FOR + MOMENT) is None
        with pytest.raises(RequestInProgress):
            await world.storage.answers.claim("scope", "print", BEGINNING + CLAIMED_FOR + 2 * MOMENT)

    async def test_an_answer_is_kept_for_its_time(self, world: World) -> None:
        await world.storage.answers.claim("scope", "print", BEGINNING)
        kept_at = BEGINNING + 10 * MOMENT
        await world.storage.answers.keep("scope", ANSWER, kept_at)

        assert await world.storage.answers.claim("scope", "print", kept_at + KEPT_FOR - MOMENT) == ANSWER
        assert await world.storage.answers.claim("scope", "other", kept_at + KEPT_FOR + MOMENT) is None

    async def test_what_was_kept_too_long_is_forgotten(self, world: World) -> None:
        for scope, moment in (("old", BEGINNING), ("new", BEGINNING + 2 * MOMENT)):
            await world.storage.answers.claim(scope, "print", moment)
            await world.storage.answers.keep(scope, ANSWER, moment)

        later = BEGINNING + KEPT_FOR + MOMENT
        assert await world.storage.answers.forget(later) == 1
        assert await world.storage.answers.forget(later) == 0
        assert await world.storage.answers.claim("new", "print", later) == ANSWER
        assert await world.storage.answers.claim("old", "other", later) is None

    async def test_of_many_at_once_exactly_one_goes_ahead(self, world: World) -> None:
        claims = [world.storage.answers.claim("scope", "print", at(0)) for _ in range(20)]

        outcomes = await gather(*claims, return_exceptions=True)

        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, RequestInProgress) for outcome in outcomes) == 19

    async def test_of_many_who_take_over_exactly_one_goes_ahead(self, world: World) -> None:
        await world.storage.answers.claim("scope", "print", BEGINNING)
        late = BEGINNING + CLAIMED_FOR + MOMENT

        outcomes = await gather(
            *(world.storage.answers.claim("scope", "print", late) for _ in range(20)), return_exceptions=True
        )

        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, RequestInProgress) for outcome in outcomes) == 19
