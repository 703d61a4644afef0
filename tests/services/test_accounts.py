from datetime import timedelta

import pytest

from domain.errors import Invalid, NotFound
from domain.pages import PageRequest
from domain.users import EmailTaken, ProfileChanges, SignUp, UsernameTaken, UserNotFound
from tests.services.conftest import Town


async def test_a_newcomer_is_found_by_a_name_in_any_case(town: Town) -> None:
    await town.container.accounts().sign_up(SignUp("Ada", "Ada@Example.org", "correct horse"))

    profile = await town.container.accounts().profile("ADA")

    assert (profile.user.username, profile.user.email, profile.user.display_name) == ("ada", "ada@example.org", "ada")


async def test_a_name_in_other_case_is_taken(town: Town) -> None:
    await town.person("ada")

    with pytest.raises(UsernameTaken):
        await town.container.accounts().sign_up(SignUp("ADA", "other@example.org", "correct horse"))


async def test_an_email_in_other_case_is_taken(town: Town) -> None:
    await town.person("ada")

    with pytest.raises(EmailTaken):
        await town.container.accounts().sign_up(SignUp("bob", "ADA@example.org", "correct horse"))


async def test_an_avatar_must_be_ones_own_image(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    image = await town.image(bob)

    with pytest.raises(NotFound):
        await town.container.accounts().edit_profile(ada, ProfileChanges(avatar_image_id=image.id))


async def test_an_avatar_is_everybodys_until_it_is_removed(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    image = await town.image(ada)
    accounts, uploading = town.container.accounts(), town.container.uploading()

    profile = await accounts.edit_profile(ada, ProfileChanges(avatar_image_id=image.id))
    assert profile.avatar is not None
    assert (await uploading.image(image.id, bob)).id == image.id

    assert (await accounts.edit_profile(ada, ProfileChanges(remove_avatar=True))).avatar is None
    with pytest.raises(NotFound):
        await uploading.image(image.id, bob)


async def test_a_profile_keeps_what_an_edit_does_not_name(town: Town) -> None:
    ada = await town.person("ada")
    await town.container.accounts().edit_profile(ada, ProfileChanges(bio="I count."))

    profile = await town.container.accounts().edit_profile(ada, ProfileChanges(display_name="Ada L."))

    assert (profile.user.display_name, profile.user.bio) == ("Ada L.", "I count.")


def test_a_bio_has_a_limit_that_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        ProfileChanges(bio="x" * 501)

    assert [(error.field, error.limit, error.actual) for error in refused.value.errors] == [("bio", 500, 501)]


async def test_a_deleted_account_takes_its_traces_along_and_its_name_rests_thirty_days(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    theirs, hers = await town.post(bob, seed=1), await town.post(ada, seed=2)
    await town.container.liking().like(theirs.post.id, ada)
    await town.container.following().follow(ada, "bob")
    await town.container.commenting().comment(theirs.post.id, ada, "fine")

    await town.container.accounts().delete(ada)

    view = await town.container.browsing().post(theirs.post.id, None)
    assert (view.post.like_count, view.post.comment_count) == (0, 0)
    assert (await town.container.accounts().profile("bob")).user.followers_count == 0
    newest = await town.container.browsing().newest(None, PageRequest())
    assert hers.post.id not in {item.post.id for item in newest.items}
    with pytest.raises(UserNotFound):
        await town.container.accounts().profile("ada")

    town.clock.advance(timedelta(days=29))
    with pytest.raises(UsernameTaken):
        await town.person("ada")
    town.clock.advance(timedelta(days=2))
    await town.person("ada")


@pytest.mark.parametrize("name", ["nobody", "", "a", "x" * 31, "nul\0l", "half\ud800", "ünïcode"])
async def test_a_name_nobody_can_have_is_not_found(town: Town, name: str) -> None:
    with pytest.raises(UserNotFound):
        await town.container.accounts().profile(name)


def test_an_empty_display_name_is_refused() -> None:
    with pytest.raises(Invalid):
        SignUp("ada", "ada@example.org", "correct horse", display_name="")
