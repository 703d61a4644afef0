"""The blocklist on the command line, in memory."""

from pathlib import Path

from tests.entrypoints.cli.conftest import Tintype

REASON = ("--reason", "abuse", "--as", "mia")
PDQ = "d8f8f0cce0f4a84f0e370a22028f67f0b36e2ed596623e1d33e6b39c4e9c9b22"


def sign_up(tintype: Tintype) -> None:
    tintype.sign_up("ada", "mia")
    assert tintype("user", "role", "mia", "moderator").code == 0


def test_hashes_are_added_listed_and_deleted(tintype: Tintype) -> None:
    sign_up(tintype)
    assert "empty" in tintype("blocklist", "list").out

    assert "Added 1 hash value" in tintype("blocklist", "add", PDQ.upper(), "--kind", "pdq", *REASON).out
    assert tintype("blocklist", "add", PDQ, "--kind", "pdq", *REASON, "--json").lines == [{"added": 0}]

    (entry,) = tintype("blocklist", "list", "--json").lines
    assert (entry["kind"], entry["value"], entry["added_by"]) == ("pdq", PDQ, "mia")
    assert PDQ in tintype("blocklist", "list").out
    assert tintype("blocklist", "delete", entry["id"], "--as", "mia").code == 0
    assert tintype("blocklist", "delete", entry["id"], "--as", "mia").code == 3
    assert tintype("blocklist", "delete", "no-id", "--as", "mia").code == 3
    log = tintype("moderate", "log", "--json").lines
    assert [line["action"] for line in log] == ["blocklist_deletion", "blocklist_addition", "role_change"]


def test_exported_list_is_imported(tintype: Tintype, tmp_path: Path) -> None:
    sign_up(tintype)
    bare, exported = tmp_path / "bare.txt", tmp_path / "list.csv"
    bare.write_text(f"{PDQ}\n\n{'0' * 64}\n")
    ran = tintype("blocklist", "import", bare, "--kind", "pdq", *REASON, "--source", "a, b", "--json")
    assert ran.lines == [{"added": 2, "read": 2}]
    assert tintype("blocklist", "add", "0" * 16, "--kind", "perceptual", *REASON).code == 0

    assert tintype("blocklist", "export", exported, "--json").lines == [{"written": 3, "file": str(exported)}]
    assert tintype("blocklist", "export", exported).code == 4
    assert f'pdq,{PDQ},abuse,"a, b"' in exported.read_text()
    for entry in tintype("blocklist", "list", "--json").lines:
        assert tintype("blocklist", "delete", entry["id"], "--as", "mia").code == 0
    assert tintype("blocklist", "import", exported, "--as", "mia", "--json").lines == [{"added": 3, "read": 3}]
    (first, *_) = tintype("blocklist", "list", "--json").lines
    assert first["reason"] == "abuse"


def test_invalid_input_changes_nothing(tintype: Tintype, tmp_path: Path) -> None:
    sign_up(tintype)
    file = tmp_path / "list.txt"
    file.write_text(f"{PDQ}\nnonsense\n")

    ran = tintype("blocklist", "import", file, "--kind", "pdq", *REASON)
    assert ran.code == 4
    assert "line 2" in ran.err
    assert tintype("blocklist", "import", file, *REASON).code == 4
    assert tintype("blocklist", "import", tmp_path / "none.csv", *REASON).code == 3
    assert tintype("blocklist", "add", PDQ, "--kind", "md5", *REASON).code == 4
    assert tintype("blocklist", "add", PDQ, *REASON).code == 3
    assert tintype("blocklist", "add", PDQ, "--kind", "pdq", "--reason", "abuse", "--as", "ada").code == 4
    assert "empty" in tintype("blocklist", "list").out
