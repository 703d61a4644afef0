from datetime import timedelta

import pytest

from domain.errors import Invalid, NotFound
from domain.pages import PageRequest
from domain.users import EmailTaken, ProfileChanges, SignUp, UsernameTaken, UserNotFound
from tests.services.conftest import ServiceHarness


async def test_new_user_is_found_by_name_in_any_case(harness: ServiceHarness) -> None:
    await harness.container.accounts().sign_up(SignUp("Ada", "Ada@Example.org", "correct horse"))

    profile = await harness.container.accounts().profile("ADA")

    assert (profile.user.username, profile.user.email, profile.user.display_name) == ("ada", "ada@example.org", "ada")


async def test_name_in_other_case_is_taken(harness: ServiceHarness) -> None:
    await harness.sign_up("ada")

    with pytest.raises(UsernameTaken):
        await harness.container.accounts().sign_up(SignUp("ADA", "other@example.org", "correct horse"))


async def test_email_in_other_case_is_taken(harness: ServiceHarness) -> None:
    await harness.sign_up("ada")

    with pytest.raises(EmailTaken):
        await harness.container.accounts().sign_up(SignUp("bob", "ADA@example.org", "correct horse"))


async def test_avatar_must_be_own_image(harness: ServiceHarness) -> None:
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    image = await harness.upload(bob)

    with pytest.raises(NotFound):
        await harness.container.accounts().edit_profile(ada, ProfileChanges(avatar_image_id=image.id))


async def test_avatar_is_public_until_removed(harness: ServiceHarness) -> None:
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    image = await harness.upload(ada)
    accounts, uploading = harness.container.accounts(), harness.container.uploading()

    profile = await accounts.edit_profile(ada, ProfileChanges(avatar_image_id=image.id))
    assert profile.avatar is not None
    assert (await uploading.image(image.id, bob)).id == image.id

    assert (await accounts.edit_profile(ada, ProfileChanges(remove_avatar=True))).avatar is None
    with pytest.raises(NotFound):
        await uploading.image(image.id, bob)


async def test_edit_keeps_other_fields(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    await harness.container.accounts().edit_profile(ada, ProfileChanges(bio="I count."))

    profile = await harness.container.accounts().edit_profile(ada, ProfileChanges(display_name="Ada L."))

    assert (profile.user.display_name, profile.user.bio) == ("Ada L.", "I count.")


def test_bio_is_limited() -> None:
    with pytest.raises(Invalid) as refused:
        ProfileChanges(bio="x" * 501)

    assert [(error.field, error.limit, error.actual) for error in refused.value.errors] == [("bio", 500, 501)]


async def test_deletion_removes_data_and_reserves_name(harness: ServiceHarness) -> None:
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
async def test_invalid_name_is_not_found(harness: ServiceHarness, name: str) -> None:
    with pytest.raises(UserNotFound):
        await harness.container.accounts().profile(name)


def test_empty_display_name_is_refused() -> None:
    with pytest.raises(Invalid):
        SignUp("ada", "ada@example.org", "correct horse", display_name="")
