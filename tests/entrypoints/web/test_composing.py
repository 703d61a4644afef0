import re

import pytest

from container import Container
from tests.entrypoints.multipart import FILE_HEADS
from tests.entrypoints.web.page_client import PageClient, run_due_tasks, text_of, token_of
from tests.sample_images import BLUE, GREEN, RED, a_jpeg

COLOURS = (RED, GREEN, BLUE)


async def test_several_images_become_one_post_in_order(ada: PageClient) -> None:
    ids = await ada.upload(*(a_jpeg(colour=colour) for colour in COLOURS))
    answer = await ada.submit("/new", "/new", image=ids, text="three", visibility="public")

    images = (await ada.client.get(f"/v1{answer.headers['location']}")).json()["images"]
    assert [image["id"] for image in images] == ids


async def test_files_can_be_published_directly(ada: PageClient) -> None:
    answer = await ada.submit("/new", "/new", files={"file": ("a.jpg", a_jpeg())}, text="at once")

    assert answer.status_code == 303


@pytest.mark.parametrize("head", FILE_HEADS.values(), ids=FILE_HEADS)
async def test_form_accepts_same_files_as_api(ada: PageClient, head: bytes) -> None:
    field = b'\r\n--b\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n'
    body = head + b"\r\n\r\n" + a_jpeg() + field + (token_of(await ada.read("/new"))).encode() + b"\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert (await ada.client.post("/new", content=body, headers=headers)).status_code == 303


async def test_text_part_is_field(ada: PageClient) -> None:
    (image,) = await ada.upload(a_jpeg())
    fields = {"form_token": token_of(await ada.read("/new")), "image": image, "text": "typed", "visibility": "public"}
    sent = [(name, (None, value, "text/plain; charset=utf-8")) for name, value in fields.items()]
    answer = await ada.client.post("/new", files=sent)
    assert (await ada.client.get(f"/v1{answer.headers['location']}")).json()["text"] == "typed"


async def test_truncated_form_is_refused(ada: PageClient) -> None:
    field = b'--b\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n'
    token = token_of(await ada.read("/new")).encode()
    body = field + token + b"\r\n" + FILE_HEADS["no name"] + b"\r\n\r\n" + a_jpeg()
    answer = await ada.client.post("/new", content=body, headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 400
    assert "The form is incomplete" in text_of(answer.text)


async def test_refused_file_is_named_and_input_is_kept(ada: PageClient) -> None:
    files = [("file", ("good.jpg", a_jpeg())), ("file", ("notes.txt", b"words")), ("file", ("cut.jpg", a_jpeg()[:300]))]
    answer = await ada.submit("/new", "/new", files=files, text="kept words", visibility="followers")

    said = text_of(answer.text)
    assert answer.status_code == 422
    assert "notes.txt: the file is not a JPEG" in said
    assert "cut.jpg: " in said
    assert "kept words" in said
    assert re.search(r'value="followers" checked', answer.text)
    assert len(re.findall(r'name="image"', answer.text)) == 1


async def test_post_without_image_is_refused(ada: PageClient) -> None:
    answer = await ada.submit("/new", "/new", text="only words")

    assert answer.status_code == 422
    assert "It has no image; at least one is required." in text_of(answer.text)
    assert "only words" in answer.text


async def test_too_long_text_keeps_input(ada: PageClient) -> None:
    (image,) = await ada.upload(a_jpeg())
    words = "x" * 2201
    fields = {"text": words, "image": image, f"alt.{image}": "a thing"}
    answer = await ada.submit("/new", "/new", **fields)

    assert answer.status_code == 422
    assert "at most 2200 are allowed" in text_of(answer.text)
    assert words in answer.text
    assert "a thing" in answer.text
    assert (await ada.client.get(f"/v1/images/{image}")).json()["alt_text"] is None


async def test_line_break_counts_as_one_character(ada: PageClient) -> None:
    words = "x\r\n" * 1100
    path = await ada.publish(words)

    assert (await ada.client.get(f"/v1{path}")).json()["text"] == words.replace("\r\n", "\n")


async def test_too_many_images_are_refused_with_limit(ada: PageClient) -> None:
    ids = await ada.upload(*(a_jpeg(seed=seed) for seed in range(6)))
    ids += await ada.upload(*(a_jpeg(seed=seed) for seed in range(6, 11)))
    answer = await ada.submit("/new", "/new", image=ids, text="")

    assert answer.status_code == 422
    assert "A post has at most 10 images, not 11" in text_of(answer.text)


async def test_images_of_others_and_posted_ones_are_left_out(ada: PageClient, bob: PageClient) -> None:
    (theirs,) = await bob.upload(a_jpeg())
    path = await ada.publish()
    posted = (await ada.client.get(f"/v1{path}")).json()["images"][0]["id"]
    page = await ada.read(f"/new?image={theirs}&image={posted}&image=none&image={posted}")

    assert 'name="image"' not in page
    assert (await ada.submit("/new", "/new", image=[theirs, posted])).status_code == 422


async def test_removed_image_is_deleted(ada: PageClient) -> None:
    ids = await ada.upload(a_jpeg(seed=1), a_jpeg(seed=2))
    answer = await ada.submit("/new", "/new/remove", image=ids, remove=ids[0], text="still here")

    assert re.findall(r'name="image" value="([^"]+)"', answer.text) == ids[1:]
    assert "still here" in answer.text
    assert (await ada.client.get(f"/v1/images/{ids[0]}")).status_code == 404


@pytest.mark.parametrize(
    ("alt", "based", "source"),
    [("{draft}", "", "model"), ("{draft}!", "yes", "edited"), ("my own words", "", "human")],
)
async def test_alt_text_states_source(ada: PageClient, container: Container, alt: str, based: str, source: str) -> None:
    (image,) = await ada.upload(a_jpeg())
    await _run_all_tasks(container)
    draft = (await ada.client.get(f"/v1/images/{image}")).json()["alt_text_suggestion"]["text"]
    taken = await ada.submit("/new", "/new/suggestion", image=image, take=image)
    assert draft in taken.text.split("<textarea")[1].split("</textarea>")[0]

    fields = {"image": image, f"alt.{image}": alt.format(draft=draft), f"based.{image}": based}
    path = (await ada.submit("/new", "/new", **fields)).headers["location"]

    said = (await ada.client.get(f"/v1{path}")).json()["images"][0]["alt_text"]
    assert (said["text"], said["source"]) == (alt.format(draft=draft), source)


async def test_owner_handles_suggestions_and_labels_on_post(
    ada: PageClient, bob: PageClient, container: Container
) -> None:
    path = await ada.publish()
    await _run_all_tasks(container)
    page = await ada.read(path)
    image = re.search(r'action="/pictures/([^/]+)/alt"', page)
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert image
    assert key
    place = f"/pictures/{image[1]}"
    await ada.submit(path, f"{place}/verdict", key=key[1], verdict="wrong")
    await ada.submit(path, f"{place}/alt", do="reject")

    mine = (await ada.client.get(f"/v1/images/{image[1]}")).json()
    assert mine["labels"][0]["verdict"] == "wrong"
    assert mine["alt_text_suggestion"] is None
    assert (await bob.submit("/settings", f"{place}/alt", alt="mine")).status_code == 403
    again = await ada.submit(path, f"{place}/retry", task="caption")
    assert again.headers["location"] == f"{path}#image-{image[1]}"
    assert (await ada.submit(path, f"{place}/alt", alt="  ", do="save")).status_code == 303


async def test_upload_requires_session_before_body_is_read(anonymous: PageClient) -> None:
    token = re.search(r'name="form_token" value="([^"]+)"', await anonymous.read("/search"))
    assert token
    answer = await anonymous.client.post(
        "/new/pictures", data={"form_token": token[1]}, files={"file": ("a.jpg", a_jpeg())}
    )

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2F")


async def _run_all_tasks(container: Container) -> None:
    """Run classification first, then the caption that waits for its labels."""
    await run_due_tasks(container)
    await run_due_tasks(container)
