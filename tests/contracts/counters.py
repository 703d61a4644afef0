"""Counts equal what they count, whatever happened. (No port can damage one; mending is shown where rows can be.)"""

from asyncio import gather

from domain.counters import COUNTERS, Check
from tests.contracts.world import World, at


class CountersContract:
    async def test_an_empty_world_counts_right(self, world: World) -> None:
        assert list(await world.storage.counters.verify()) == []
        assert list(await world.storage.counters.repair()) == []

    async def test_all_kinds_of_traffic_at_once_leave_no_drift(self, world: World) -> None:
        users = [await world.user(f"user_{index}") for index in range(6)]
        posts = [await world.post(user) for user in users]
        comments = [await world.comment(post, user) for post in posts for user in users[:2]]

        await gather(
            *(world.like(post, user) for post in posts for user in users[:4]),
            *(world.follow(one, other) for one in users[:4] for other in users[:4] if one is not other),
            *(world.delete_comment(comment) for comment in comments[::3]),
            *(world.post(user) for user in users[:3]),
            world.delete_post(posts[0]),
            world.delete_post(posts[5]),
        )
        await gather(
            *(world.unlike(post, user) for post in posts for user in users[:2]),
            *(world.unfollow(users[0], other) for other in users[1:4]),
            world.delete_user(users[4]),
        )
        await gather(
            *(world.like(posts[3], user) for user in (users[0], users[5])),
            world.delete_user(users[1]),
        )

        assert list(await world.storage.counters.verify()) == []
        assert list(await world.storage.counters.repair()) == []
        assert (await world.standing(posts[3])).like_count == 4
        assert (await world.present(users[0])).following_count == 0
        assert (await world.present(users[2])).posts_count == 2

    async def test_what_came_of_a_check_is_kept(self, world: World) -> None:
        assert await world.storage.counters.last_check() is None
        for moment in (at(0), at(60)):
            await world.storage.counters.check(moment)
            assert await world.storage.counters.last_check() == Check(moment, dict.fromkeys(COUNTERS, 0))
