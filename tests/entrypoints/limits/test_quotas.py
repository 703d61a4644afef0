"""Daily upload quotas, and the minimum of free disk space."""

from datetime import timedelta
from pathlib import Path

from domain.pages import PageRequest
from entrypoints.asgi import create_app
from tests.containers import memory_container
from tests.doubles import StoppedClock
from tests.entrypoints.cli.conftest import Tintype
from tests.entrypoints.limits.conftest import MakeContainer
from tests.entrypoints.limits.visitors import client_at, new_client, page_client_at, upload
from tests.entrypoints.web.page_client import text_of
from tests.sample_images import a_jpeg


async def test_daily_images_are_limited(make_container: MakeContainer, clock: StoppedClock) -> None:
    async with new_client(create_app(make_container(daily_upload_images=2)), "ada") as ada:
        first = await upload(ada, 1)
        assert (await ada.delete(f"/v1/images/{first}")).status_code == 204
        await upload(ada, 2)
        refusal = await ada.post("/v1/images", files={"file": ("a.jpg", a_jpeg(seed=3))})
        clock.advance(timedelta(seconds=int(refusal.headers["retry-after"])))
        await upload(ada, 3)

    problem = refusal.json()
    assert (refusal.status_code, problem["code"]) == (429, "too_many_requests")
    assert (problem["limit"], problem["actual"]) == (2, 3)
    assert "at most 2 images are allowed a day" in problem["detail"]
    assert refusal.headers["retry-after"] == str(12 * 3600)


async def test_daily_bytes_are_limited(make_container: MakeContainer) -> None:
    size = len(a_jpeg(seed=1))
    async with new_client(create_app(make_container(daily_upload_bytes=2 * size - 1)), "ada") as ada:
        await upload(ada, 1)
        refusal = await ada.post("/v1/images", files={"file": ("a.jpg", a_jpeg(seed=1))})

    assert refusal.status_code == 429
    assert (refusal.json()["limit"], refusal.json()["actual"]) == (2 * size - 1, 2 * size)


async def test_quotas_are_per_user_and_0_disables_them(make_container: MakeContainer) -> None:
    app = create_app(make_container(daily_upload_images=1, daily_upload_bytes=0))
    async with new_client(app, "ada") as ada, new_client(app, "bob") as bob:
        await upload(ada)
        await upload(bob)


async def test_page_names_file_over_quota(make_container: MakeContainer) -> None:
    async with page_client_at(create_app(make_container(daily_upload_images=1))) as ada:
        await ada.sign_up("ada")
        files = [("file", (f"{number}.jpg", a_jpeg(seed=number))) for number in range(2)]

        answer = await ada.submit("/new", "/new/pictures", files=files)

    assert (answer.status_code, answer.headers["retry-after"]) == (429, str(12 * 3600))
    assert "1.jpg: at most 1 images are allowed a day" in text_of(answer.text)
    assert "0.jpg:" not in text_of(answer.text)


async def test_import_by_operator_has_no_quota(make_container: MakeContainer) -> None:
    container = make_container(daily_upload_images=1)
    async with new_client(create_app(container), "ada"):
        ada = (await container.accounts().profile("ada")).user.id

        for seed in range(3):
            assert (await container.importing().import_file(ada, a_jpeg(seed=seed), "")).view is not None


async def test_nearly_full_disk_refuses_uploads(make_container: MakeContainer, tmp_path: Path) -> None:
    container = make_container(blobs="filesystem", home=tmp_path, min_free_bytes=1 << 60)
    app = create_app(container)
    async with new_client(app, "ada") as ada, page_client_at(app) as bob:
        refusal = await ada.post("/v1/images", files={"file": ("a.jpg", a_jpeg())})
        await bob.sign_up("bob")
        page = await bob.submit("/new", "/new/pictures", files=[("file", ("b.jpg", a_jpeg()))])
        images = (await ada.get("/v1/me/images")).json()["items"]
        stored = [key async for key in container.blobs().keys()]

    assert (refusal.status_code, refusal.json()["code"], refusal.headers["retry-after"]) == (503, "busy", "300")
    assert "its disk is nearly full" in refusal.json()["detail"]
    assert str(tmp_path) not in refusal.text
    assert (page.status_code, page.headers["retry-after"]) == (503, "300")
    assert "b.jpg: the storage accepts no more images" in text_of(page.text)
    assert (images, stored) == ([], [])


async def test_nearly_full_disk_affects_uploads_only(make_container: MakeContainer, tmp_path: Path) -> None:
    container = make_container(blobs="filesystem", home=tmp_path, min_free_bytes=1 << 60)
    async with client_at(create_app(container)) as client:
        answer = await client.get("/readyz")

    (storage,) = [part for part in answer.json()["parts"] if part["part"] == "storage"]
    assert (answer.status_code, storage["ok"], storage["required"]) == (200, False, False)
    (found,) = [health for health in await container.health_checks().run() if health.part == "storage"]
    assert "uploads are refused" in str(found.remedy)


def test_doctor_states_remedy_for_nearly_full_disk(tmp_path: Path) -> None:
    config = {"blobs": "filesystem", "home": tmp_path, "min_free_bytes": 1 << 60}

    assert "TINTYPE_MIN_FREE_BYTES" in Tintype(memory_container(config=config))("doctor").out


async def test_surplus_files_of_form_are_not_stored(make_container: MakeContainer) -> None:
    container = make_container(max_images_per_post=2)
    async with page_client_at(create_app(container)) as ada:
        await ada.sign_up("ada")
        files = [("file", (f"{number}.jpg", a_jpeg(seed=number))) for number in range(4)]

        answer = await ada.submit("/new", "/new", files=files, text="many")
        script = await ada.submit("/new", "/new/pictures", files=files, headers={"HX-Request": "true"})
        profile = await container.accounts().profile("ada")
        stored = await container.uploading().of_owner(profile.user.id, PageRequest())

    assert answer.status_code == 422
    assert "2.jpg: a post has at most 2 images" in text_of(answer.text)
    assert "3.jpg: a post has at most 2 images" in text_of(answer.text)
    assert (script.status_code, script.json()["code"]) == (422, "too_many_images")
    assert len(stored.items) == 2
