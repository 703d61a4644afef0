"""The output at startup."""

from pathlib import Path

from domain.vision import Model
from entrypoints.banner import banner
from entrypoints.choices import Classifier, ModelFetch, Store
from entrypoints.settings import Settings

SETTINGS = Settings().model_copy(
    update={"home": Path("/data"), "host": "127.0.0.1", "port": 8000, "public_url": "", "store": Store.POSTGRES}
)


def test_banner_states_addresses_and_data() -> None:
    said = banner(SETTINGS, worker=True, model=Model("mobilenet_v2", "abc", "cpu"))
    assert "http://localhost:8000\n" in said
    assert "http://localhost:8000/doc" in said
    assert "mobilenet_v2@abc" in said
    assert "/data" in said


def test_banner_names_command_to_install_model() -> None:
    for fetch in ModelFetch:
        said = banner(SETTINGS.model_copy(update={"model_fetch": fetch}), worker=True, model=None)
        assert "tintype model install" in said


def test_banner_states_address_of_remote_model() -> None:
    elsewhere = {"classifier": Classifier.HTTP, "inference_url": "http://inference:9000"}
    assert "at http://inference:9000" in banner(SETTINGS.model_copy(update=elsewhere), worker=True, model=None)


def test_banner_names_command_to_run_worker() -> None:
    assert "tintype worker" in banner(SETTINGS, worker=False, model=None)


def test_banner_states_memory_storage() -> None:
    assert "lost when this process ends" in banner(
        SETTINGS.model_copy(update={"store": Store.MEMORY}), worker=False, model=None
    )
