"""The contract of consents."""

from dataclasses import replace

import pytest

from domain.captions import CAPTIONS_DECLINED, AltText, Source, Suggestion
from domain.consent import CaptionChoice, Consent
from domain.effects import Effect, Target, TargetKind
from domain.ids import ImageId, UserId
from domain.images import Image
from domain.posts import Visibility
from domain.understanding import State, Task, Understanding
from domain.users import ProfileChanges, User, UserNotFound
from tests.contracts.harness import StorageHarness
from tests.contracts.moderation import decide


async def save(
    harness: StorageHarness, user: User, captions: CaptionChoice, *, followers_only: bool = False
) -> Consent:
    consent = Consent(captions, followers_only, harness.now())
    async with harness.storage.begin() as uow:
        await uow.consents.save(user.id, consent)
        await uow.commit()
    return consent


async def choice_for(harness: StorageHarness, image: Image) -> CaptionChoice:
    async with harness.storage.begin() as uow:
        return await uow.consents.choice_for(image.id)


class ConsentsContract:
    async def test_answer_is_stored_and_replaced(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        await save(harness, ada, CaptionChoice.NONE)
        consent = await save(harness, ada, CaptionChoice.SERVICE, followers_only=True)

        async with harness.storage.begin() as uow:
            assert await uow.consents.get(ada.id) == consent
            assert await uow.consents.get(bob.id) == Consent()

    async def test_answer_of_deleted_account_is_deleted(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await save(harness, ada, CaptionChoice.SERVICE)
        await harness.delete_user(ada)

        async with harness.storage.begin() as uow:
            assert await uow.consents.get(ada.id) == Consent()
        async with harness.storage.begin() as uow:
            with pytest.raises(UserNotFound):
                await uow.consents.save(ada.id, Consent(CaptionChoice.NONE, decided_at=harness.now()))

    async def test_choice_follows_audience_of_post(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        public, limited = await harness.add_image(ada), await harness.add_image(ada)
        await harness.add_post(ada, public)
        await harness.add_post(ada, limited, private=True)
        assert await choice_for(harness, public) is CaptionChoice.OFFLINE

        await save(harness, ada, CaptionChoice.SERVICE)
        assert await choice_for(harness, public) is CaptionChoice.SERVICE
        assert await choice_for(harness, limited) is CaptionChoice.OFFLINE

        await save(harness, ada, CaptionChoice.SERVICE, followers_only=True)
        assert await choice_for(harness, limited) is CaptionChoice.SERVICE
        await harness.set_private(ada)
        await save(harness, ada, CaptionChoice.SERVICE)
        assert await choice_for(harness, public) is CaptionChoice.OFFLINE

    async def test_unposted_image_has_audience_of_next_post(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)
        await save(harness, ada, CaptionChoice.SERVICE)
        assert await choice_for(harness, image) is CaptionChoice.SERVICE

        async with harness.storage.begin() as uow:
            await uow.users.save(ada.with_changes(ProfileChanges(default_visibility=Visibility.FOLLOWERS)))
            await uow.commit()
        assert await choice_for(harness, image) is CaptionChoice.OFFLINE

    async def test_deleted_image_gets_no_caption(self, harness: StorageHarness) -> None:
        async with harness.storage.begin() as uow:
            assert await uow.consents.choice_for(ImageId(harness.new_id())) is CaptionChoice.NONE

    async def test_hidden_image_is_not_for_service(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await save(harness, ada, CaptionChoice.SERVICE, followers_only=True)
        first, second = await harness.add_image(ada), await harness.add_image(ada)
        post = await harness.add_post(ada, first, second)
        assert await choice_for(harness, first) is CaptionChoice.SERVICE

        for target in (Target(TargetKind.POST, post.id), Target(TargetKind.USER, ada.id)):
            effect = Effect.HIDE if target.kind is TargetKind.POST else Effect.SUSPEND
            await decide(harness, target, ada, effect)
            assert await choice_for(harness, first) is CaptionChoice.OFFLINE
            await decide(harness, target, ada, Effect.NONE)
            assert await choice_for(harness, first) is CaptionChoice.SERVICE

        await decide(harness, Target(TargetKind.IMAGE, second.id), ada, Effect.QUARANTINE)
        assert await choice_for(harness, first) is CaptionChoice.OFFLINE, "the other image hides their post"
        await save(harness, ada, CaptionChoice.NONE)
        assert await choice_for(harness, first) is CaptionChoice.NONE


class RequestedCaptionsContract:
    @pytest.mark.parametrize(("replace_offline", "requested"), [(False, {"declined"}), (True, {"declined", "drafted"})])
    async def test_declined_and_offline_captions_are_requested(
        self, harness: StorageHarness, replace_offline: bool, requested: set[str]
    ) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        draft = Suggestion("A photo that may show a dog", Source.LABELS, None)
        by_service = Suggestion("a dog", Source.MODEL, "gpt")
        described = {"suggestion": draft, "alt_text": AltText("a dog", Source.HUMAN)}
        images = {
            "declined": await self._add(harness, ada, State.SKIPPED, CAPTIONS_DECLINED),
            "off": await self._add(harness, ada, State.SKIPPED, "captions are switched off"),
            "drafted": await self._add(harness, ada, State.DONE, None, suggestion=draft),
            "described": await self._add(harness, ada, State.DONE, None, **described),
            "by a service": await self._add(harness, ada, State.DONE, None, suggestion=by_service),
            "another user's": await self._add(harness, bob, State.SKIPPED, CAPTIONS_DECLINED),
        }
        async with harness.storage.begin() as uow:
            count = await uow.understandings.request_captions(ada.id, harness.now(), replace_offline=replace_offline)
            await uow.commit()

        rows = {name: await self._caption(harness, image.id, image.owner_id) for name, image in images.items()}
        assert {name for name, row in rows.items() if row.is_due(harness.now())} == requested
        assert count == len(requested)

    async def _add(
        self, harness: StorageHarness, owner: User, state: State, error: str | None, **texts: object
    ) -> Image:
        image = await harness.add_image(owner)
        async with harness.storage.begin() as uow:
            await uow.understandings.save(Understanding(image.id, Task.CAPTION, state, error=error))
            await uow.images.save_description(replace(image, **texts))  # type: ignore[arg-type]
            await uow.commit()
        return image

    async def _caption(self, harness: StorageHarness, image_id: ImageId, owner_id: UserId) -> Understanding:
        image = await harness.storage.image_reader.by_id(image_id, owner_id)
        assert image is not None
        return image.understanding[Task.CAPTION]
