"""The contracts of search by words and names, and of tags."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.captions import AltText, ModelTags, Source
from domain.ids import PostId, UserId
from domain.images import Image
from domain.posts import Post
from domain.search import TagSource, parse_query
from domain.tags import TODAY, TagUse
from domain.vision import Label, Verdict
from tests.contracts.harness import MAX_SEARCHED_POSTS, StorageHarness
from tests.contracts.paging import ALL, assert_pages

HUMAN, MODEL = TagSource.HUMAN, TagSource.MODEL
DOG = Label("n02099601", "golden retriever", 207, 0.9, ("retriever", "dog", "animal"))


async def describe(
    harness: StorageHarness, post: Post, image: Image, alt_text: str = "", said: tuple[str, ...] = ()
) -> None:
    written = AltText(alt_text, Source.HUMAN) if alt_text else None
    async with harness.storage.begin() as uow:
        await uow.images.save_description(
            replace(image, alt_text=written, model_tags=ModelTags(said, "m") if said else None)
        )
        await uow.search_index.refresh(post.id)
        await uow.commit()


async def set_labels(harness: StorageHarness, post: Post, image: Image, *labels: Label) -> None:
    async with harness.storage.begin() as uow:
        await uow.images.save_labels({image.id: labels})
        await uow.search_index.refresh(post.id)
        await uow.commit()


async def find_posts(harness: StorageHarness, text: str, viewer: UserId | None = None) -> list[PostId]:
    return [
        hit.view.post.id for hit in (await harness.storage.search_reader.posts(parse_query(text), viewer, ALL)).items
    ]


async def find_usernames(
    harness: StorageHarness, prefix: str, viewer: UserId | None = None, limit: int = 10
) -> list[str]:
    return [one.user.username for one in await harness.storage.search_reader.people(prefix, viewer, limit)]


async def find_tagged(
    harness: StorageHarness, tag: str, viewer: UserId | None = None
) -> list[tuple[PostId, set[TagSource]]]:
    return [
        (one.view.post.id, set(one.said_by)) for one in (await harness.storage.tag_reader.posts(tag, viewer, ALL)).items
    ]


class SearchReaderContract:
    async def test_newest_visible_posts_are_ranked_for_common_word(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        posts = [await harness.add_post(ada, text="dog") for _ in range(MAX_SEARCHED_POSTS + 2)]
        for _ in range(MAX_SEARCHED_POSTS):  # private posts use none of the limit
            await harness.add_post(bob, text="dog", private=True)

        assert await find_posts(harness, "dog") == [post.id for post in reversed(posts[2:])]

    async def test_words_in_text_alt_text_and_labels_are_found_best_first(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        images = [await harness.add_image(ada) for _ in range(3)]
        by_label, by_alt, by_text = [await harness.add_post(ada, image, text="x") for image in images]
        async with harness.storage.begin() as uow:
            await uow.posts.save(replace(by_text, text="My Dogs, at the sea"))
            await uow.search_index.refresh(by_text.id)
            await uow.commit()
        await describe(harness, by_alt, images[1], "a dog runs")
        await set_labels(harness, by_label, images[0], DOG)

        hits = (await harness.storage.search_reader.posts(["dog"], None, ALL)).items
        assert [(hit.view.post.id, hit.score) for hit in hits] == [
            (by_text.id, 1.0),
            (by_alt.id, 0.5),
            (by_label.id, 0.25),
        ]
        await assert_pages(lambda page: harness.storage.search_reader.posts(["dog"], None, page), hits)
        assert await find_posts(harness, "golden DOG") == [by_label.id]
        assert await find_posts(harness, "dog sea") == [by_text.id]
        assert await find_posts(harness, "dog cat") == []

    async def test_equal_scores_are_sorted_newest_first(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        posts = [await harness.add_post(ada, text="sea and sea") for _ in range(5)]
        assert await find_posts(harness, "seas") == [post.id for post in reversed(posts)]
        hits = (await harness.storage.search_reader.posts(["sea"], None, ALL)).items
        await assert_pages(lambda page: harness.storage.search_reader.posts(["sea"], None, page), hits)

    async def test_hit_names_matching_image(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        first, second = await harness.add_image(ada), await harness.add_image(ada)
        post = await harness.add_post(ada, first, second, text="walks")
        await describe(harness, post, second, "a red bridge")

        async def best_image(*asked: str) -> object:
            return (await harness.storage.search_reader.posts(asked, None, ALL)).items[0].image_id

        assert await best_image("bridge") == second.id
        assert await best_image("walk") == first.id

    async def test_changed_post_is_found_by_current_words(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)
        post = await harness.add_post(ada, image, text="before")
        await set_labels(harness, post, image, DOG)
        async with harness.storage.begin() as uow:
            await uow.images.save_verdict(image.id, DOG, Verdict.WRONG)
            await uow.posts.save(replace(post, text="after"))
            await uow.search_index.refresh(post.id)
            await uow.commit()

        assert await find_posts(harness, "before") == []
        assert await find_posts(harness, "dog") == [], "what its owner called wrong"
        assert await find_posts(harness, "after") == [post.id]
        await harness.delete_post(post)
        assert await find_posts(harness, "after") == []

    async def test_concurrent_changes_are_indexed(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        for _ in range(5):
            one, other = await harness.add_image(ada), await harness.add_image(ada)
            post = await harness.add_post(ada, one, other)
            await asyncio.gather(describe(harness, post, one, "violet"), set_labels(harness, post, other, DOG))
            assert await find_posts(harness, "violet dog") == [post.id]
            await harness.delete_post(post)

    async def test_words_of_any_script_are_found(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada, text="Café à Łódź, 日本 'quoted\\' under_score ÜBER")
        for text in ("cafe", "CAFÉ", "日本", "quoted", "under_score", "uber"):
            assert await find_posts(harness, text) == [post.id], text

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
    async def test_words_in_unspaced_scripts_are_found(
        self, harness: StorageHarness, text: str, asked: list[str]
    ) -> None:
        ada = await harness.add_user("ada")
        await harness.add_post(ada, text="海が広い")
        post = await harness.add_post(ada, text=text)
        for word in asked:
            assert await find_posts(harness, word) == [post.id], word

    async def test_words_with_other_accents_rank_last(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        right, plain, other = [await harness.add_post(ada, text=text) for text in ("café sea", "cafe sea", "cafè")]
        for asked, scores in (
            ("café", [(right, 1.0), (other, 0.125), (plain, 0.125)]),
            ("cafe", [(plain, 1.0), (other, 0.125), (right, 0.125)]),
            ("café sea", [(right, 2.0), (plain, 1.125)]),
        ):
            hits = (await harness.storage.search_reader.posts(parse_query(asked), None, ALL)).items
            assert [(hit.view.post.id, hit.score) for hit in hits] == [(post.id, score) for post, score in scores]

    async def test_word_of_optional_marks_is_found(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada, text="ـ !")
        assert await find_posts(harness, "ـ") == [post.id]

    async def test_other_words_are_not_found(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await harness.add_post(ada, text="バリ दान Иод")
        for word in ("パリ", "दिन", "Йод"):
            assert await find_posts(harness, word) == [], word

    async def test_missing_post_is_not_indexed(self, harness: StorageHarness) -> None:
        async with harness.storage.begin() as uow:
            await uow.search_index.refresh(PostId(harness.new_id()))
            await uow.commit()

    async def test_unindexed_posts_are_listed(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await harness.add_post(ada)
        posts = [Post(PostId(harness.new_id()), ada.id, "sea", (), harness.now()) for _ in range(3)]
        async with harness.storage.begin() as uow:
            for post in posts:
                await uow.posts.add(post)
            await uow.commit()

        ids = [post.id for post in posts]
        assert await harness.storage.search_reader.unindexed_posts(None, 10) == ids
        assert await harness.storage.search_reader.unindexed_posts(None, 2) == ids[:2]
        assert await harness.storage.search_reader.unindexed_posts(ids[0], 10) == ids[1:]

    async def test_only_visible_posts_are_found(self, harness: StorageHarness) -> None:
        ada, bob, eve = [await harness.add_user(name) for name in ("ada", "bob", "eve")]
        post = await harness.add_post(ada, text="sea #sea", private=True)
        await harness.follow(bob, ada)

        for viewer, sees in ((None, False), (eve.id, False), (ada.id, True), (bob.id, True)):
            assert await find_posts(harness, "sea", viewer) == ([post.id] if sees else [])
            assert await find_tagged(harness, "sea", viewer) == ([(post.id, {HUMAN})] if sees else [])
        await harness.mute(bob, ada)
        assert await find_posts(harness, "sea", bob.id) == []

    async def test_users_are_found_by_prefix(self, harness: StorageHarness) -> None:
        await harness.add_user("anna", display_name="Zoë")
        await harness.add_user("annabel", display_name="Bel")
        await harness.add_user("zed", display_name="Anna K.")
        bob = await harness.add_user("bob", display_name="B_b")
        star = await harness.storage.user_reader.by_username("annabel", None) or None
        assert star is not None
        await harness.follow(bob, star.user)

        assert await find_usernames(harness, "anna") == ["anna", "annabel", "zed"], (
            "that very name, then the most followed"
        )
        assert await find_usernames(harness, "ann") == ["annabel", "anna", "zed"]
        assert await find_usernames(harness, "ann", limit=2) == ["annabel", "anna"]
        assert await find_usernames(harness, "zoe") == ["anna"]
        assert await find_usernames(harness, "b_") == ["bob"]
        assert await find_usernames(harness, "%") == []
        assert await find_usernames(harness, "\\") == []

    async def test_blocked_users_are_not_found(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        await harness.block(ada, bob)
        assert await find_usernames(harness, "ada", bob.id) == []
        assert await find_usernames(harness, "bob", ada.id) == []
        assert await find_usernames(harness, "bob") == ["bob"]

    async def test_changed_name_is_found(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        async with harness.storage.begin() as uow:
            await uow.users.save(replace(ada, display_name="Countess"))
            await uow.commit()
        assert await find_usernames(harness, "countess") == ["ada"]


class TagReaderContract:
    async def test_tag_states_sources(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        one, other, third = [await harness.add_image(ada) for _ in range(3)]
        typed = await harness.add_post(ada, one, text="look: #Dog!")
        both = await harness.add_post(ada, other, text="#dog #goldenretriever")
        await set_labels(harness, both, other, DOG)
        said = await harness.add_post(ada, third, text="dog")
        await describe(harness, said, third, said=("dog", "sunset"))

        assert await find_tagged(harness, "dog") == [(said.id, {MODEL}), (both.id, {HUMAN, MODEL}), (typed.id, {HUMAN})]
        assert await find_tagged(harness, "goldenretriever") == [(both.id, {HUMAN, MODEL})]
        assert await find_tagged(harness, "sunset") == [(said.id, {MODEL})]
        assert await find_tagged(harness, "cat") == []
        shown = (await harness.storage.tag_reader.posts("dog", None, ALL)).items
        await assert_pages(lambda page: harness.storage.tag_reader.posts("dog", None, page), shown)

    async def test_tag_has_most_common_spelling(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)
        for text in ("#Été #ガギ", "#ÉTÉ #ｶﾞｷﾞ #ab〜cd", "#ÉTÉ"):
            await harness.add_post(ada, text=text)
        for _ in range(3):
            await harness.add_post(ada, text="#été", private=True)
        await set_labels(harness, await harness.add_post(ada, image), image, DOG)

        assert await harness.storage.tag_reader.spellings(["ガギ", "été", "abcd", "goldenretriever", "none"]) == [
            *("ガギ", "ÉTÉ", "ab〜cd", "goldenretriever", "none")
        ]
        assert await harness.storage.tag_reader.spellings([]) == []

    async def test_tag_is_removed_with_its_source(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)
        post = await harness.add_post(ada, image, text="#dog")
        await set_labels(harness, post, image, DOG)
        async with harness.storage.begin() as uow:
            await uow.images.save_verdict(image.id, DOG, Verdict.WRONG)
            await uow.search_index.refresh(post.id)
            await uow.commit()
        assert await find_tagged(harness, "dog") == [(post.id, {HUMAN})]
        async with harness.storage.begin() as uow:
            await uow.posts.save(replace(post, text="no more"))
            await uow.search_index.refresh(post.id)
            await uow.commit()
        assert await find_tagged(harness, "dog") == []

    async def test_users_of_tag_are_counted_once(self, harness: StorageHarness) -> None:
        ada, bob, eve = [await harness.add_user(name) for name in ("ada", "bob", "eve")]
        now = harness.now() + timedelta(days=100)
        for author, days, text in (
            (ada, 0.1, "#sea #sun"),
            (ada, 0.2, "#sea"),
            (bob, 0.3, "#sea"),
            (bob, 3, "#sea #old"),
            (bob, 4, "#sea"),
            (eve, 7.9, "#sea"),
            (eve, 8.1, "#sea"),
        ):
            await harness.add_post(author, at=now - days * TODAY, text=text)
        await harness.add_post(eve, at=now, text="#sea", private=True)

        uses = sorted(await harness.storage.tag_reader.recent_uses(now), key=lambda use: use.tag)
        human = frozenset({HUMAN})
        assert uses == [TagUse("sea", 2, 2, human), TagUse("sun", 1, 0, human)]
        assert await harness.storage.tag_reader.counts(["sun", "sea", "cat"]) == [1, 7, 0]
        assert await harness.storage.tag_reader.counts([]) == []
