from datetime import timedelta

import pytest

from domain.errors import Invalid, NotFound
from domain.pages import PageRequest
from domain.users import EmailTaken, ProfileChanges, SignUp, UsernameTaken, UserNotFound
from tests.services.conftest import ServiceHarness


async def test_a_newcomer_is_found_by_a_name_in_any_case(harness: ServiceHarness) -> None:
    await harness.container.accounts().sign_up(SignUp("Ada", "Ada@Example.org", "correct horse"))

    profile = await harness.container.accounts().profile("ADA")

    assert (profile.user.username, profile.user.email, profile.user.display_name) == ("ada", "ada@example.org", "ada")


async def test_a_name_in_other_case_is_taken(harness: ServiceHarness) -> None:
    await harness.sign_up("ada")

    with pytest.raises(UsernameTaken):
        await harness.container.accounts().sign_up(SignUp("ADA", "other@example.org", "correct horse"))


async def test_an_email_in_other_case_is_taken(harness: ServiceHarness) -> None:
    await harness.sign_up("ada")

    with pytest.raises(EmailTaken):
        await harness.container.accounts().sign_up(SignUp("bob", "ADA@example.org", "correct horse"))


async def test_an_avatar_must_be_ones_own_image(harness: ServiceHarness) -> None:
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    image = await harness.upload(bob)

    with pytest.raises(NotFound):
        await harness.container.accounts().edit_profile(ada, ProfileChanges(avatar_image_id=image.id))


async def test_an_avatar_is_everybodys_until_it_is_removed(harness: ServiceHarness) -> None:
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    image = await harness.upload(ada)
    accounts, uploading = harness.container.accounts(), harness.container.uploading()

    profile = await accounts.edit_profile(ada, ProfileChanges(avatar_image_id=image.id))
    assert profile.avatar is not None
    assert (await uploading.image(image.id, bob)).id == image.id

    assert (await accounts.edit_profile(ada, ProfileChanges(remove_avatar=True))).avatar is None
    with pytest.raises(NotFound):
        await uploading.image(image.id, bob)


async def test_a_profile_keeps_what_an_edit_does_not_name(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    await harness.container.accounts().edit_profile(ada, ProfileChanges(bio="I count."))

    profile = await harness.container.accounts().edit_profile(ada, ProfileChanges(display_name="Ada L."))

    assert (profile.user.display_name, profile.user.bio) == ("Ada L.", "I count.")


def test_a_bio_has_a_limit_that_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        ProfileChanges(bio="x" * 501)

    assert [(error.field, error.limit, error.actual) for error in refused.value.errors] == [("bio", 500, 501)]


async def test_a_deleted_account_takes_its_traces_along_and_its_name_rests_thirty_days(harness: ServiceHarness) -> None:
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    theirs, hers = await harness.publish(bob, seed=1), await harness.publish(ada, seed=2)
    await harness.container.liking().like(theirs.post.id, ada)
    await harness.container.following().follow(ada, "bob")
    await harness.container.commenting().comment(theirs.post.id, ada, "fine")

    await harness.container.accounts().delete(ada)

    view = await harness.container.browsing().post(theirs.post.id, None)
    assert (view.post.like_count, view.post.comment_count) == (0, 0)
    assert (await harness.container.accounts().profile("bob")).user.followers_count == 0
    newest = await harness.container.browsing().newest(None, PageRequest())
    assert hers.post.id not in {item.post.id for item in newest.items}
    with pytest.raises(UserNotFound):
        await harness.container.accounts().profile("ada")

    harness.clock.advance(timedelta(days=29))
    with pytest.raises(UsernameTaken):
        await harness.sign_up("ada")
    harness.clock.advance(timedelta(days=2))
    await harness.sign_up("ada")


@pytest.mark.parametrize("name", ["nobody", "", "a", "x" * 31, "nul\0l", "half\ud800", "ünïcode"])
async def test_a_name_nobody_can_have_is_not_found(harness: ServiceHarness, name: str) -> None:
    with pytest.raises(UserNotFound):
        await harness.container.accounts().profile(name)


def test_an_empty_display_name_is_refused() -> None:
    with pytest.raises(Invalid):
        SignUp("ada", "ada@example.org", "correct horse", display_name="")
