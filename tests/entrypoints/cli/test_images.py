"""`classify`, `caption` and `model`: commands without a database."""

from decimal import Decimal
from pathlib import Path

import pytest

from domain.captions import CaptionDraft
from domain.ledger import Price
from domain.vision import ModelMissing
from tests.containers import memory_container
from tests.doubles import PaidCaptionWriter, ScriptedClassifier, label
from tests.entrypoints.cli.conftest import Tintype
from tests.sample_images import a_jpeg

LABELS = [label("golden retriever", 0.8, 207), label("tench", 0.1, 0), label("banana", 0.05, 954)]


@pytest.fixture
def tintype() -> Tintype:
    return Tintype(memory_container(classifier=ScriptedClassifier(LABELS)))


def write_image(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(a_jpeg())
    return path


def test_all_labels_are_printed(tintype: Tintype, images: Path) -> None:
    ran = tintype("classify", write_image(images, "dog.jpg"), "--top", "3")
    assert [line.split()[0] for line in ran.out.splitlines()[1:]] == ["80.00%", "10.00%", "5.00%"]


def test_json_has_line_per_file(tintype: Tintype, images: Path) -> None:
    files = [write_image(images, name) for name in ("a.jpg", "b.jpg")]
    lines = tintype("classify", *files, "--json", "--top", "2").lines
    assert [line["file"] for line in lines] == [str(file) for file in files]
    assert lines[0]["model"] == {"name": "scripted", "version": "v1", "device": "cpu"}
    assert lines[0]["labels"][0] == {
        "key": "n00000207",
        "name": "golden retriever",
        "class_index": 207,
        "score": 0.8,
        "tags": [],
    }


def test_failed_file_does_not_stop_others(images: Path) -> None:
    tintype = Tintype(memory_container())
    text = images / "text.jpg"
    text.write_text("no image")
    good = write_image(images, "good.jpg")
    ran = tintype("classify", images / "none.jpg", text, images, good, "--json")
    assert ran.code == 4
    assert [line["file"] for line in ran.lines] == [str(good)]
    assert "none.jpg" in ran.err
    assert tintype("classify", images / "none.jpg", good).code == 3


def test_missing_model_is_reported_once(images: Path) -> None:
    tintype = Tintype(memory_container(classifier=ScriptedClassifier(LABELS, version=None)))
    ran = tintype("classify", write_image(images, "a.jpg"), write_image(images, "b.jpg"), "--json")
    assert (ran.code, ran.problem["code"], ran.problem["status"]) == (5, ModelMissing.code, 503)


def test_caption_from_labels(images: Path) -> None:
    tintype = Tintype(memory_container(config={"captions": "labels"}, classifier=ScriptedClassifier(LABELS)))
    image = write_image(images, "dog.jpg")
    assert "golden retriever" in tintype("caption", image).out
    (line,) = tintype("caption", image, "--json").lines
    assert (line["file"], line["alt_text_suggestion"]["source"]) == (str(image), "labels")


def test_jobs_status_contains_caption_costs(tintype: Tintype, images: Path) -> None:
    prices = {"paid-1": Price(Decimal("0.15"), Decimal("0.60"))}
    tintype = Tintype(memory_container(captions=PaidCaptionWriter(), config={"caption_prices": prices}))
    tintype.sign_up("ada")
    assert tintype("consent", "service", "--as", "ada").out.strip() == "ada chose service."
    tintype.publish("ada", write_image(images, "dog.jpg"))
    assert "Today" not in tintype("jobs", "status").out
    tintype.understand()
    assert "Today (UTC): 1 paid caption, 0.0002 of 5.00 US dollars." in tintype("jobs", "status").out
    assert tintype("jobs", "status", "--json").lines[-1] == {"captions_today": {"calls": 1, "usd": 0.00021}}


def test_declined_image_is_reported(images: Path) -> None:
    tintype = Tintype(memory_container(captions=PaidCaptionWriter(CaptionDraft(declined=True))))
    assert "the model declined" in tintype("caption", write_image(images, "dog.jpg")).out


def test_doctor_names_caption_writer(tintype: Tintype) -> None:
    found = {part["part"]: part for part in tintype("doctor", "--json").lines}
    assert found["captions"]["ok"]


def test_captions_off_is_unavailable(images: Path) -> None:
    tintype = Tintype(memory_container(config={"captions": "off"}))
    assert tintype("caption", write_image(images, "a.jpg")).code == 5


def test_model_is_evaluated_on_labelled_images(tintype: Tintype, images: Path) -> None:
    rows = [(write_image(images, f"{index}.jpg").name, truth) for index, truth in enumerate((207, 0, 1))]
    (images / "labels.csv").write_text("file,class_index,name\n" + "".join(f"{f},{c},x\n" for f, c in rows))
    first = tintype("model", "evaluate", images).out.splitlines()[0]
    assert first == "scripted@v1, 3 images: top-1 33.3%, top-5 66.7%"
    (line,) = tintype("model", "evaluate", images, "--json").lines
    assert (line["count"], line["top1"]) == (3, pytest.approx(1 / 3))


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, 3), ("name,class\n", 4), ("file,class_index\na.jpg,1000\n", 4), ("file,class_index\nx,y\n", 4)],
)
def test_folder_without_valid_labels_is_refused(tintype: Tintype, images: Path, content: str | None, code: int) -> None:
    if content is not None:
        (images / "labels.csv").write_text(content)
    ran = tintype("model", "evaluate", images)
    assert ran.code == code
    assert "file,class_index" in ran.err


def test_current_model_is_printed(tintype: Tintype) -> None:
    lines = tintype("model", "info").out.splitlines()
    assert lines[0] == "scripted, version v1, on cpu"
    assert [line.split() for line in lines[1:]] == [["licence", "unknown"], ["source", "unknown"], ["classes", "1,001"]]
    [line] = tintype("model", "info", "--json").lines
    assert (line["name"], line["licence"], line["source"], line["classes"]) == ("scripted", "unknown", "unknown", 1001)


def test_folder_is_converted_and_installed(images: Path) -> None:
    tintype = Tintype(memory_container())
    (images / "saved_model.pb").write_bytes(b"a graph")
    (images / "photo.jpg").write_bytes(a_jpeg())
    for arguments in (("install", images), ("convert", images, "--photographs", images)):
        ran = tintype("model", *arguments)
        assert (ran.code, "is installed" in ran.out, f"Converting {images}" in ran.err) == (0, True, True)
    [line] = tintype("model", "info", "--json").lines
    assert line["manifest"]["source"]["module"] == str(images)
    assert f"module {images}" in tintype("model", "info").out


def test_missing_model_file_is_not_found(tintype: Tintype, images: Path) -> None:
    assert tintype("model", "install", images / "none.onnx").code == 3


def test_doctor_reports_missing_parts_and_succeeds_if_serving_is_possible(tintype: Tintype) -> None:
    found = {part["part"]: part for part in tintype("doctor", "--json").lines}
    assert found["python"]["ok"]
    assert {"home", "port"} <= set(found)


def test_consent_is_printed_as_json_and_limited_to_offered_choices(tintype: Tintype) -> None:
    tintype.sign_up("ada")
    (line,) = tintype("consent", "none", "--as", "ada", "--json").lines
    assert (line["captions"], line["followers_only"]) == ("none", False)
    refused = tintype("consent", "service", "--as", "ada")
    assert (refused.code, "none, offline" in refused.err) == (4, True)
    assert tintype("consent", "all", "--as", "ada").code == 2
    assert tintype("consent", "none", "--as", "nobody").code == 3
