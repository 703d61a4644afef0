"""The contract of counters: they equal the rows that they count. (No port can corrupt a counter; repair is tested where
rows can be changed.)"""

from asyncio import gather

from domain.counters import COUNTERS, CounterCheck
from tests.contracts.harness import StorageHarness, at


class CountersContract:
    async def test_empty_storage_has_no_drift(self, harness: StorageHarness) -> None:
        assert list(await harness.storage.counters.verify()) == []
        assert list(await harness.storage.counters.repair()) == []

    async def test_concurrent_writes_leave_no_drift(self, harness: StorageHarness) -> None:
        users = [await harness.add_user(f"user_{index}") for index in range(6)]
        posts = [await harness.add_post(user) for user in users]
        comments = [await harness.add_comment(post, user) for post in posts for user in users[:2]]

        await gather(
            *(harness.like(post, user) for post in posts for user in users[:4]),
            *(harness.follow(one, other) for one in users[:4] for other in users[:4] if one is not other),
            *(harness.delete_comment(comment) for comment in comments[::3]),
            *(harness.add_post(user) for user in users[:3]),
            harness.delete_post(posts[0]),
            harness.delete_post(posts[5]),
        )
        await gather(
            *(harness.unlike(post, user) for post in posts for user in users[:2]),
            *(harness.unfollow(users[0], other) for other in users[1:4]),
            harness.delete_user(users[4]),
        )
        await gather(
            *(harness.like(posts[3], user) for user in (users[0], users[5])),
            harness.delete_user(users[1]),
        )

        assert list(await harness.storage.counters.verify()) == []
        assert list(await harness.storage.counters.repair()) == []
        assert (await harness.read_post(posts[3])).like_count == 4
        assert (await harness.read_user(users[0])).following_count == 0
        assert (await harness.read_user(users[2])).posts_count == 2

    async def test_result_of_check_is_stored(self, harness: StorageHarness) -> None:
        assert await harness.storage.counters.last_check() is None
        for moment in (at(0), at(60)):
            await harness.storage.counters.record_check(moment)
            assert await harness.storage.counters.last_check() == CounterCheck(moment, dict.fromkeys(COUNTERS, 0))
