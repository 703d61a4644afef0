"""`tintype import`: publishes a folder, each image once."""

import signal
from pathlib import Path

from domain.errors import Unavailable
from domain.image_processing import ImageProcessor, PreparedImage
from domain.vision.pdq import Pdq
from tests.containers import memory_container
from tests.entrypoints.cli.conftest import Tintype
from tests.sample_images import a_jpeg, a_png


def write_images(folder: Path, count: int = 3) -> Path:
    (folder / "deep").mkdir()
    for seed in range(count):
        (folder / ("deep" if seed % 2 else ".") / f"{seed}.jpg").write_bytes(a_jpeg(seed=seed))
    return folder


def test_images_are_posted_with_texts_beside_them(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada")
    write_images(images)
    (images / "0.jpg.txt").write_text("the first\n")
    ran = tintype("import", images, "--as", "ada")
    assert (ran.code, ran.out) == (0, "3 posted, 0 already imported, 0 refused.\n")
    texts = {post["text"] for post in tintype("feed", "--as", "ada", "--json").lines}
    assert texts == {"the first", ""}


def test_repeated_import_posts_new_images_only(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada")
    tintype("import", write_images(images), "--as", "ada")
    (images / "another.png").write_bytes(a_png())
    assert tintype("import", images, "--as", "ada").out == "1 posted, 3 already imported, 0 refused.\n"


def test_other_files_are_skipped_and_invalid_images_reported(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada")
    write_images(images, 1)
    (images / "notes.md").write_text("not an image")
    (images / "__init__.py").touch()
    (images / ".hidden.jpg").write_bytes(a_jpeg(seed=9))
    (images / "broken.jpg").write_text("not an image either")
    (images / "unnamed").write_bytes(a_jpeg(seed=8))
    ran = tintype("import", images, "--as", "ada")
    assert (ran.code, ran.out) == (4, "2 posted, 0 already imported, 1 refused; 2 other files skipped.\n")
    assert "broken.jpg" in ran.err


def test_too_large_file_is_refused_without_reading(images: Path) -> None:
    tintype = Tintype(memory_container(config={"max_upload_bytes": 5_000_000}))
    tintype.sign_up("ada")
    with (images / "huge.jpg").open("wb") as file:
        file.truncate(1 << 40)
    with (images / "film.mp4").open("wb") as file:
        file.truncate(1 << 40)
    ran = tintype("import", images, "--as", "ada", "--json")
    assert (ran.code, ran.problem["code"], ran.problem["limit"]) == (4, "image_too_large", 5_000_000)


def test_stored_blobs_are_not_imported(images: Path) -> None:
    tintype = Tintype(memory_container(config={"blobs": "filesystem", "home": images / "var"}))
    tintype.sign_up("ada")
    write_images(images, 2)
    assert tintype("import", images, "--as", "ada").out == "2 posted, 0 already imported, 0 refused.\n"
    assert tintype("import", images, "--as", "ada").out == "0 posted, 2 already imported, 0 refused.\n"


def test_missing_folder_is_not_found(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada")
    assert tintype("import", images / "none", "--as", "ada").code == 3


def test_ctrl_c_completes_imports_in_progress(images: Path) -> None:
    container = memory_container()
    tintype = Tintype(memory_container(processor=InterruptedProcessor(container.processor(), at=4)))
    tintype.sign_up("ada")
    write_images(images, 12)

    ran = tintype("import", images, "--as", "ada")

    assert ran.code == 130
    assert f"continue with: tintype import {images} --as ada" in ran.out
    posted = len(tintype("feed", "--as", "ada", "--json").lines)
    assert 4 <= posted < 12
    assert (
        f"{12 - posted} posted, {posted} already imported, 0 refused." in tintype("import", images, "--as", "ada").out
    )


def test_import_waits_for_busy_machine(images: Path) -> None:
    container = memory_container()
    tintype = Tintype(memory_container(processor=BusyProcessor(container.processor(), times=5)))
    tintype.sign_up("ada")
    ran = tintype("import", write_images(images, 4), "--as", "ada")
    assert ran.code == 0
    assert ran.out.count("the machine is busy; trying again in ") == 5
    assert ran.out.endswith("4 posted, 0 already imported, 0 refused.\n")


def test_import_ends_on_busy_machine_and_names_way_to_resume(images: Path) -> None:
    container = memory_container()
    tintype = Tintype(memory_container(processor=BusyProcessor(container.processor(), times=1000)))
    tintype.sign_up("ada")
    ran = tintype("import", write_images(images, 1), "--as", "ada")
    assert ran.code == 5
    assert ran.out.count("trying again") == 8
    assert ran.out.endswith(
        f"0 posted, 0 already imported, 0 refused.\nStopped; continue with: tintype import {images} --as ada\n"
    )
    assert "the machine is busy" in ran.err


def test_ctrl_c_ends_a_wait(images: Path) -> None:
    container = memory_container()
    busy = BusyProcessor(container.processor(), times=1000, retry_after=1000.0)
    tintype = Tintype(memory_container(processor=InterruptedProcessor(busy, at=2)))
    tintype.sign_up("ada")
    ran = tintype("import", write_images(images, 3), "--as", "ada")
    assert ran.code == 130
    assert f"continue with: tintype import {images} --as ada" in ran.out


class BusyProcessor(ImageProcessor):
    """Answers the first `times` images with 503."""

    def __init__(self, processor: ImageProcessor, times: int, retry_after: float = 0.0001) -> None:
        self._processor = processor
        self._left = times
        self._retry_after = retry_after

    async def prepare(self, data: bytes) -> PreparedImage:
        self._left -= 1
        if self._left >= 0:
            raise Unavailable("the machine is busy", retry_after=self._retry_after)
        return await self._processor.prepare(data)

    async def pdq_hashes(self, rendition: bytes) -> tuple[Pdq, ...]:
        return await self._processor.pdq_hashes(rendition)


class InterruptedProcessor(ImageProcessor):
    """Sends SIGINT while the image with the number `at` is prepared."""

    def __init__(self, processor: ImageProcessor, at: int) -> None:
        self._processor = processor
        self._left = at

    async def prepare(self, data: bytes) -> PreparedImage:
        self._left -= 1
        if not self._left:
            signal.raise_signal(signal.SIGINT)
        return await self._processor.prepare(data)

    async def pdq_hashes(self, rendition: bytes) -> tuple[Pdq, ...]:
        return await self._processor.pdq_hashes(rendition)
