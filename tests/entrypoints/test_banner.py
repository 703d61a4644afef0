"""What a person reads when it runs."""

from pathlib import Path

from domain.vision import Model
from entrypoints.banner import banner
from entrypoints.choices import Classifier, ModelFetch, Store
from entrypoints.settings import Settings

SETTINGS = Settings().model_copy(
    update={"home": Path("/data"), "host": "127.0.0.1", "port": 8000, "public_url": "", "store": Store.POSTGRES}
)


def test_it_says_where_the_api_its_docs_and_the_data_are() -> None:
    said = banner(SETTINGS, worker=True, model=Model("mobilenet_v2", "abc", "cpu"))
    assert "http://localhost:8000\n" in said
    assert "http://localhost:8000/doc" in said
    assert "mobilenet_v2@abc" in said
    assert "/data" in said


def test_without_a_model_it_names_the_command_that_brings_one() -> None:
    for fetch in ModelFetch:
        said = banner(SETTINGS.model_copy(update={"model_fetch": fetch}), worker=True, model=None)
        assert "tintype model install" in said


def test_a_model_elsewhere_is_named_by_its_address() -> None:
    elsewhere = {"classifier": Classifier.HTTP, "inference_url": "http://eye:9000"}
    assert "at http://eye:9000" in banner(SETTINGS.model_copy(update=elsewhere), worker=True, model=None)


def test_without_a_worker_it_names_the_command_that_runs_one() -> None:
    assert "tintype worker" in banner(SETTINGS, worker=False, model=None)


def test_a_memory_world_is_called_what_it_is() -> None:
    assert "nothing is kept" in banner(SETTINGS.model_copy(update={"store": Store.MEMORY}), worker=False, model=None)
