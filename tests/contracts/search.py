"""Search by words and names, and tags."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.captions import AltText, SaidTags, Source
from domain.ids import PostId, UserId
from domain.images import Image
from domain.posts import Post
from domain.search import SaidBy, question
from domain.tags import TODAY, Use
from domain.vision import Label, Verdict
from tests.contracts.paging import ALL, assert_pages
from tests.contracts.world import NEWEST_SEARCHED, World

HUMAN, MODEL = SaidBy.HUMAN, SaidBy.MODEL
DOG = Label("n02099601", "golden retriever", 207, 0.9, ("retriever", "dog", "animal"))


async def describe(world: World, post: Post, image: Image, alt_text: str = "", said: tuple[str, ...] = ()) -> None:
    told = AltText(alt_text, Source.HUMAN) if alt_text else None
    async with world.storage.begin() as uow:
        await uow.images.describe(replace(image, alt_text=told, said=SaidTags(said, "m") if said else None))
        await uow.index.refresh(post.id)
        await uow.commit()


async def label(world: World, post: Post, image: Image, *labels: Label) -> None:
    async with world.storage.begin() as uow:
        await uow.images.label(image.id, labels)
        await uow.index.refresh(post.id)
        await uow.commit()


async def found(world: World, text: str, viewer: UserId | None = None) -> list[PostId]:
    return [hit.view.post.id for hit in (await world.storage.search.posts(question(text), viewer, ALL)).items]


async def names(world: World, prefix: str, viewer: UserId | None = None, limit: int = 10) -> list[str]:
    return [one.user.username for one in await world.storage.search.people(prefix, viewer, limit)]


async def tagged(world: World, tag: str, viewer: UserId | None = None) -> list[tuple[PostId, set[SaidBy]]]:
    return [(one.view.post.id, set(one.said_by)) for one in (await world.storage.tags.posts(tag, viewer, ALL)).items]


class SearchContract:
    async def test_of_a_common_word_the_newest_posts_are_ranked_that_one_may_see(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        posts = [await world.post(ada, text="dog") for _ in range(NEWEST_SEARCHED + 2)]
        for _ in range(NEWEST_SEARCHED):  # what nobody else sees pushes nothing out
            await world.post(bob, text="dog", private=True)

        assert await found(world, "dog") == [post.id for post in reversed(posts[2:])]

    async def test_words_are_found_in_text_alt_text_and_labels_the_best_first(self, world: World) -> None:
        ada = await world.user("ada")
        images = [await world.image(ada) for _ in range(3)]
        by_label, by_alt, by_text = [await world.post(ada, image, text="x") for image in images]
        async with world.storage.begin() as uow:
            await uow.posts.save(replace(by_text, text="My Dogs, at the sea"))
            await uow.index.refresh(by_text.id)
            await uow.commit()
        await describe(world, by_alt, images[1], "a dog runs")
        await label(world, by_label, images[0], DOG)

        hits = (await world.storage.search.posts(["dog"], None, ALL)).items
        assert [(hit.view.post.id, hit.score) for hit in hits] == [
            (by_text.id, 1.0),
            (by_alt.id, 0.5),
            (by_label.id, 0.25),
        ]
        await assert_pages(lambda page: world.storage.search.posts(["dog"], None, page), hits)
        assert await found(world, "golden DOG") == [by_label.id]
        assert await found(world, "dog sea") == [by_text.id]
        assert await found(world, "dog cat") == []

    async def test_of_equals_the_newest_comes_first(self, world: World) -> None:
        ada = await world.user("ada")
        posts = [await world.post(ada, text="sea and sea") for _ in range(5)]
        assert await found(world, "seas") == [post.id for post in reversed(posts)]
        hits = (await world.storage.search.posts(["sea"], None, ALL)).items
        await assert_pages(lambda page: world.storage.search.posts(["sea"], None, page), hits)

    async def test_the_picture_that_is_meant_is_named(self, world: World) -> None:
        ada = await world.user("ada")
        first, second = await world.image(ada), await world.image(ada)
        post = await world.post(ada, first, second, text="walks")
        await describe(world, post, second, "a red bridge")

        async def meant(*asked: str) -> object:
            return (await world.storage.search.posts(asked, None, ALL)).items[0].image_id

        assert await meant("bridge") == second.id
        assert await meant("walk") == first.id

    async def test_what_was_changed_is_found_as_it_is_now(self, world: World) -> None:
        ada = await world.user("ada")
        image = await world.image(ada)
        post = await world.post(ada, image, text="before")
        await label(world, post, image, DOG)
        async with world.storage.begin() as uow:
            await uow.images.judge(image.id, DOG, Verdict.WRONG)
            await uow.posts.save(replace(post, text="after"))
            await uow.index.refresh(post.id)
            await uow.commit()

        assert await found(world, "before") == []
        assert await found(world, "dog") == [], "what its owner called wrong"
        assert await found(world, "after") == [post.id]
        await world.delete_post(post)
        assert await found(world, "after") == []

    async def test_two_changes_at_once_are_both_found(self, world: World) -> None:
        ada = await world.user("ada")
        for _ in range(5):
            one, other = await world.image(ada), await world.image(ada)
            post = await world.post(ada, one, other)
            await asyncio.gather(describe(world, post, one, "violet"), label(world, post, other, DOG))
            assert await found(world, "violet dog") == [post.id]
            await world.delete_post(post)

    async def test_words_in_any_script_are_found(self, world: World) -> None:
        ada = await world.user("ada")
        post = await world.post(ada, text="Café à Łódź, 日本 'quoted\\' under_score ÜBER")
        for text in ("cafe", "CAFÉ", "日本", "quoted", "under_score", "uber"):
            assert await found(world, text) == [post.id], text

    @pytest.mark.parametrize(
        ("text", "asked"),
        [
            ("我家在上海东边", ["上海", "东", "家在上"]),
            ("猫がかわいい", ["猫", "かわいい"]),
            ("วันนี้อากาศดี", ["อากาศ", "ดี"]),
            ("고양이가", ["고양이"]),
            ("🐶🐱 ❤️", ["🐱", "❤"]),
            ("मेरा हिन्दी ब्लॉग", ["हिन्दी"]),
            ("نرم‌افزار", ["نرمافزار"]),
        ],
    )
    async def test_words_within_unspaced_writing_are_found(self, world: World, text: str, asked: list[str]) -> None:
        ada = await world.user("ada")
        await world.post(ada, text="海が広い")
        post = await world.post(ada, text=text)
        for word in asked:
            assert await found(world, word) == [post.id], word

    async def test_other_accents_are_found_last(self, world: World) -> None:
        ada = await world.user("ada")
        right, plain, other = [await world.post(ada, text=text) for text in ("café sea", "cafe sea", "cafè")]
        for asked, scores in (
            ("café", [(right, 1.0), (other, 0.125), (plain, 0.125)]),
            ("cafe", [(plain, 1.0), (other, 0.125), (right, 0.125)]),
            ("café sea", [(right, 2.0), (plain, 1.125)]),
        ):
            hits = (await world.storage.search.posts(question(asked), None, ALL)).items
            assert [(hit.view.post.id, hit.score) for hit in hits] == [(post.id, score) for post, score in scores]

    async def test_a_word_of_optional_marks_alone_is_found(self, world: World) -> None:
        ada = await world.user("ada")
        post = await world.post(ada, text="ـ !")
        assert await found(world, "ـ") == [post.id]

    async def test_different_words_are_not_found(self, world: World) -> None:
        ada = await world.user("ada")
        await world.post(ada, text="バリ दान Иод")
        for word in ("パリ", "दिन", "Йод"):
            assert await found(world, word) == [], word

    async def test_an_absent_post_is_not_indexed(self, world: World) -> None:
        async with world.storage.begin() as uow:
            await uow.index.refresh(PostId(world.id()))
            await uow.commit()

    async def test_posts_that_were_never_indexed_are_told(self, world: World) -> None:
        ada = await world.user("ada")
        await world.post(ada)
        posts = [Post(PostId(world.id()), ada.id, "sea", (), world.now()) for _ in range(3)]
        async with world.storage.begin() as uow:
            for post in posts:
                await uow.posts.add(post)
            await uow.commit()

        ids = [post.id for post in posts]
        assert await world.storage.search.unindexed(None, 10) == ids
        assert await world.storage.search.unindexed(None, 2) == ids[:2]
        assert await world.storage.search.unindexed(ids[0], 10) == ids[1:]

    async def test_only_what_the_viewer_may_see_is_found(self, world: World) -> None:
        ada, bob, eve = [await world.user(name) for name in ("ada", "bob", "eve")]
        post = await world.post(ada, text="sea #sea", private=True)
        await world.follow(bob, ada)

        for viewer, sees in ((None, False), (eve.id, False), (ada.id, True), (bob.id, True)):
            assert await found(world, "sea", viewer) == ([post.id] if sees else [])
            assert await tagged(world, "sea", viewer) == ([(post.id, {HUMAN})] if sees else [])
        await world.mute(bob, ada)
        assert await found(world, "sea", bob.id) == []

    async def test_people_are_found_by_the_beginning_of_their_names(self, world: World) -> None:
        await world.user("anna", display_name="Zoë")
        await world.user("annabel", display_name="Bel")
        await world.user("zed", display_name="Anna K.")
        bob = await world.user("bob", display_name="B_b")
        star = await world.storage.people.by_username("annabel", None) or None
        assert star is not None
        await world.follow(bob, star.user)

        assert await names(world, "anna") == ["anna", "annabel", "zed"], "that very name, then the most followed"
        assert await names(world, "ann") == ["annabel", "anna", "zed"]
        assert await names(world, "ann", limit=2) == ["annabel", "anna"]
        assert await names(world, "zoe") == ["anna"]
        assert await names(world, "b_") == ["bob"]
        assert await names(world, "%") == []
        assert await names(world, "\\") == []

    async def test_people_apart_are_not_found(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        await world.block(ada, bob)
        assert await names(world, "ada", bob.id) == []
        assert await names(world, "bob", ada.id) == []
        assert await names(world, "bob") == ["bob"]

    async def test_a_changed_name_is_found(self, world: World) -> None:
        ada = await world.user("ada")
        async with world.storage.begin() as uow:
            await uow.users.save(replace(ada, display_name="Countess"))
            await uow.commit()
        assert await names(world, "countess") == ["ada"]


class TagsContract:
    async def test_a_tag_remembers_who_said_it(self, world: World) -> None:
        ada = await world.user("ada")
        one, other, third = [await world.image(ada) for _ in range(3)]
        typed = await world.post(ada, one, text="look: #Dog!")
        both = await world.post(ada, other, text="#dog #goldenretriever")
        await label(world, both, other, DOG)
        said = await world.post(ada, third, text="dog")
        await describe(world, said, third, said=("dog", "sunset"))

        assert await tagged(world, "dog") == [(said.id, {MODEL}), (both.id, {HUMAN, MODEL}), (typed.id, {HUMAN})]
        assert await tagged(world, "goldenretriever") == [(both.id, {HUMAN, MODEL})]
        assert await tagged(world, "sunset") == [(said.id, {MODEL})]
        assert await tagged(world, "cat") == []
        shown = (await world.storage.tags.posts("dog", None, ALL)).items
        await assert_pages(lambda page: world.storage.tags.posts("dog", None, page), shown)

    async def test_a_tag_is_spelled_as_most_people_do(self, world: World) -> None:
        ada = await world.user("ada")
        image = await world.image(ada)
        for text in ("#Été #ガギ", "#ÉTÉ #ｶﾞｷﾞ #ab〜cd", "#ÉTÉ"):
            await world.post(ada, text=text)
        for _ in range(3):
            await world.post(ada, text="#été", private=True)
        await label(world, await world.post(ada, image), image, DOG)

        assert await world.storage.tags.spellings(["ガギ", "été", "abcd", "goldenretriever", "none"]) == [
            *("ガギ", "ÉTÉ", "ab〜cd", "goldenretriever", "none")
        ]
        assert await world.storage.tags.spellings([]) == []

    async def test_a_tag_goes_with_what_said_it(self, world: World) -> None:
        ada = await world.user("ada")
        image = await world.image(ada)
        post = await world.post(ada, image, text="#dog")
        await label(world, post, image, DOG)
        async with world.storage.begin() as uow:
            await uow.images.judge(image.id, DOG, Verdict.WRONG)
            await uow.index.refresh(post.id)
            await uow.commit()
        assert await tagged(world, "dog") == [(post.id, {HUMAN})]
        async with world.storage.begin() as uow:
            await uow.posts.save(replace(post, text="no more"))
            await uow.index.refresh(post.id)
            await uow.commit()
        assert await tagged(world, "dog") == []

    async def test_people_who_use_a_tag_are_counted_once(self, world: World) -> None:
        ada, bob, eve = [await world.user(name) for name in ("ada", "bob", "eve")]
        now = world.now() + timedelta(days=100)
        for author, days, text in (
            (ada, 0.1, "#sea #sun"),
            (ada, 0.2, "#sea"),
            (bob, 0.3, "#sea"),
            (bob, 3, "#sea #old"),
            (bob, 4, "#sea"),
            (eve, 7.9, "#sea"),
            (eve, 8.1, "#sea"),
        ):
            await world.post(author, at=now - days * TODAY, text=text)
        await world.post(eve, at=now, text="#sea", private=True)

        uses = sorted(await world.storage.tags.used(now), key=lambda use: use.tag)
        human = frozenset({HUMAN})
        assert uses == [Use("sea", 2, 2, human), Use("sun", 1, 0, human)]
        assert await world.storage.tags.counts(["sun", "sea", "cat"]) == [1, 7, 0]
        assert await world.storage.tags.counts([]) == []
