"""The wheel, installed and called from an empty folder (`make test-wheel`: with its requirements from the index)."""

import subprocess
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.test_program import signed_up, understood, uploaded
from tests.models import tiny_model
from tests.package.conftest import InstalledProgram
from tests.package.environments import PIP, REPOSITORY
from tests.pictures import a_jpeg

pytestmark = pytest.mark.e2e


def test_the_version_is_pyprojects(program: InstalledProgram) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]

    assert program.run("--version").stdout == f"tintype {project['version']}\n"


def test_what_the_wheel_requires_is_installed_and_fits(environment: Path) -> None:
    check = [*PIP, "--python", str(environment / "bin" / "python"), "check"]
    said = subprocess.run(check, check=False, capture_output=True, text=True).stdout

    assert [line for line in said.splitlines() if line.startswith("tintype ")] == []


@pytest.mark.postgres
def test_it_serves_labels_a_picture_and_keeps_all_in_the_users_data_folder(
    program: InstalledProgram, tmp_path: Path
) -> None:
    installed = program.run("model", "install", str(tiny_model(tmp_path / "tiny.onnx")))
    assert installed.returncode == 0, installed.stderr

    with program.served() as served:
        ada = signed_up(served.client, "ada")
        image = uploaded(served.client, ada, a_jpeg(colour=(255, 0, 0)))
        assert understood(served.client, ada, image["id"])["labels"][0]["name"] == "golden retriever"
        assert "<form" in served.client.get("/sign-up").raise_for_status().text
        assert served.client.get("/doc").raise_for_status().text
        assert program.run("counters", "verify").returncode == 0
        assert program.run("doctor").returncode == 0
        assert served.stop() == 0

    assert {"blobs", "models", "postgres"} <= {path.name for path in program.data.iterdir()}
    assert [path.name for path in program.home.iterdir()] == ["serve.log"]


def test_a_conversion_is_sent_to_a_checkout(program: InstalledProgram) -> None:
    (program.home / "saved_model.pb").touch()

    refused = program.run("model", "convert", str(program.home))

    assert refused.returncode == 5
    assert "only a checkout of Tintype" in refused.stderr


@pytest.mark.parametrize("command", ["serve", "inference", "doctor", "user list", "model info"])
def test_without_a_runtime_each_command_says_what_to_install(
    program_without_runtime: InstalledProgram, command: str
) -> None:
    refused = program_without_runtime.run(*command.split())

    assert (refused.returncode, refused.stdout) == (5, "")
    (sentence,) = refused.stderr.splitlines()
    assert "install Tintype with the extra cpu" in sentence
    assert not list(program_without_runtime.data.glob("*"))


def test_without_a_runtime_the_way_to_one_elsewhere_is_open(
    program_without_runtime: InstalledProgram, tmp_path: Path
) -> None:
    program = replace(program_without_runtime, settings={"TINTYPE_CLASSIFIER": "http", "TINTYPE_STORE": "memory"})

    assert program.run("user", "list").returncode == 0
    for command in (("model", "install", str(tiny_model(tmp_path / "tiny.onnx"))), ("inference",)):
        refused = program.run(*command)
        assert (refused.returncode, refused.stdout) == (5, "")
        assert "install Tintype with the extra cpu" in refused.stderr
