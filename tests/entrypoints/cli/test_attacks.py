"""What clumsy people at the command line were seen to stumble over, each once."""

from pathlib import Path

from tests.entrypoints.cli.conftest import Tintype
from tests.sample_images import a_jpeg


def test_post_names_missing_file(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada")
    (images / "here.jpg").write_bytes(a_jpeg())
    gone = images / "gone.jpg"

    ran = tintype("post", images / "here.jpg", gone, "--as", "ada")
    as_json = tintype("post", images / "here.jpg", gone, "--as", "ada", "--json")

    assert (ran.code, ran.out, ran.err) == (3, "", f"tintype: {gone}: the file does not exist\n")
    assert (as_json.code, as_json.problem["code"], as_json.problem["file"]) == (3, "not_found", str(gone))


def test_post_names_file_that_is_not_an_image(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada")
    (images / "here.jpg").write_bytes(a_jpeg())
    (images / "words.jpg").write_text("words")

    ran = tintype("post", images / "words.jpg", images / "here.jpg", "--as", "ada")

    assert (ran.code, ran.out) == (4, "")
    assert ran.err.startswith(f"tintype: {images / 'words.jpg'}: ")
    assert len(ran.err.splitlines()) == 1
    assert tintype("feed", "--as", "ada", "--json").lines == []


def test_text_of_post_cannot_change_direction_of_line(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada")
    (images / "here.jpg").write_bytes(a_jpeg())
    words = "safe \u202egpj.exe\u2066 \x1b[2J"
    tintype.publish("ada", images / "here.jpg", words)

    told = tintype("feed", "--as", "ada").out
    (line,) = tintype("feed", "--as", "ada", "--json").lines

    assert "gpj.exe" in told
    assert not {"\u202e", "\u2066", "\x1b"} & set(told)
    assert line["text"] == words


def test_file_name_cannot_control_terminal(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada")
    file = images / "a\x1b[2J\u202egpj.jpg"
    file.write_text("words")
    other = images / "b\x1b]0;x.jpg"
    other.write_bytes(a_jpeg())
    ran = tintype("import", images, "--as", "ada")
    classified = tintype("classify", other)
    assert "a�[2J�gpj.jpg: the file is not a" in ran.err
    assert not {"\u202e", "\x1b"} & set(ran.err + classified.out)
