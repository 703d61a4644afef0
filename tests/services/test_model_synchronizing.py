"""Machines of one deployment agree on one model, and do not classify each other's images again."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.memory.model_packages import MemoryModelPackages
from adapters.memory.models import MemoryModelStore
from container import Container
from domain.ids import ImageId, UserId
from domain.jobs import Job
from domain.understanding import State, Task, Understanding
from domain.users import SignUp
from domain.vision import ImageClassifier, Installer, Model, ModelMissing, Prediction
from domain.vision.desired_model import DesiredModel
from tests.containers import container_for, memory_container
from tests.doubles import ScriptedClassifier, StoppedClock, embedding_of, label
from tests.models import tiny_model
from tests.sample_images import a_jpeg

RETRIEVER = (label("golden retriever", 0.9),)


class LocalClassifier(ImageClassifier):
    """Classifies with the model that is installed on its machine, and counts its predictions."""

    def __init__(self, models: MemoryModelStore) -> None:
        self._models = models
        self.count = 0

    async def classify(self, data: bytes, top: int = 5) -> Prediction:
        model = await self.model()
        if model is None:
            raise ModelMissing("no model is installed", retry_after=1)
        self.count += 1
        return Prediction(model, RETRIEVER[:top], embedding_of(data))

    async def model(self) -> Model | None:
        return self._models.current()


class Machine:
    """One machine: its own model, and the storage and image files that all machines share."""

    def __init__(self, shared: Container, clock: StoppedClock) -> None:
        self.models = MemoryModelStore()
        self.classifier = LocalClassifier(self.models)
        self.container = memory_container(
            storage=shared.storage(),
            blobs=shared.blobs(),
            clock=clock,
            classifier=self.classifier,
            model_store=self.models,
            model_packages=MemoryModelPackages(self.models),
            classifies_here=True,
        )

    async def synchronize(self) -> None:
        await self.container.model_synchronizing().synchronize()

    async def desired(self) -> DesiredModel:
        desired = await self.container.storage().desired_models.current()
        assert desired is not None
        return desired

    async def work(self) -> None:
        """Do what a worker does in a few seconds."""
        await self.synchronize()
        await self.container.image_analysis().sweep()
        await self.container.storage().queue.drain(self.container.job_handler().handle)


class Deployment:
    """Two machines and a user with images."""

    def __init__(self, shared: Container, clock: StoppedClock, folder: Path) -> None:
        self.shared, self.clock, self._folder = shared, clock, folder
        self.one, self.two = Machine(shared, clock), Machine(shared, clock)
        self.images: list[ImageId] = []

    def weights(self, gain: int) -> Path:
        return tiny_model(self._folder / f"{gain}.onnx", gain=gain)

    async def add_images(self, number: int) -> None:
        ada = await self.shared.accounts().sign_up(SignUp("ada", "ada@example.org", "correct horse"))
        self.owner: UserId = ada.user.id
        for seed in range(number):
            self.images.append((await self.shared.uploading().upload(self.owner, a_jpeg(seed=seed))).id)

    async def rows(self) -> list[Understanding]:
        uploading = self.shared.uploading()
        images = [await uploading.image(image_id, self.owner) for image_id in self.images]
        return [image.understanding[Task.CLASSIFICATION] for image in images]

    async def models_of_labels(self) -> set[str | None]:
        assert {row.state for row in await self.rows()} == {State.DONE}
        return {row.model for row in await self.rows()}

    async def work_in_turn(self, rounds: int = 4) -> None:
        for _ in range(rounds):
            await self.one.work()
            await self.two.work()

    @property
    def predictions(self) -> int:
        return self.one.classifier.count + self.two.classifier.count


@pytest.fixture
async def deployment(either_store: str | None, tmp_path: Path) -> AsyncIterator[Deployment]:
    clock = StoppedClock()
    async with container_for(either_store, clock=clock) as shared:
        yield Deployment(shared, clock, tmp_path)


async def test_first_model_is_installed_on_new_machine(deployment: Deployment) -> None:
    model = deployment.one.models.install(deployment.weights(10), {"name": "somenet"})
    deployment.one.models.save_temperature(model, 0.7)
    await deployment.one.synchronize()
    await deployment.two.synchronize()

    desired = await deployment.one.desired()
    assert (desired.revision, str(desired), desired.temperature) == (1, str(model), 0.7)
    assert desired.set_by
    assert deployment.two.models.current() == deployment.one.models.current()
    for machine in (deployment.one, deployment.two):
        await machine.synchronize()
        assert (await machine.desired()).revision == 1


async def test_machines_with_different_models_classify_each_image_once(deployment: Deployment) -> None:
    model = deployment.one.models.install(deployment.weights(10))
    deployment.two.models.install(deployment.weights(20))
    await deployment.add_images(5)

    await deployment.work_in_turn()

    assert await deployment.models_of_labels() == {str(model)}
    assert deployment.predictions == 5


async def test_new_model_of_one_machine_classifies_each_image_once_more(deployment: Deployment) -> None:
    deployment.one.models.install(deployment.weights(10))
    await deployment.add_images(5)
    await deployment.work_in_turn()

    model = deployment.two.models.install(deployment.weights(20))
    await deployment.two.work()
    await deployment.work_in_turn()

    assert await deployment.models_of_labels() == {str(model)}
    assert deployment.predictions == 10
    assert deployment.one.models.current() == model
    assert deployment.one.models.installer() is Installer.OPERATOR


async def test_outdated_machine_does_not_classify(deployment: Deployment) -> None:
    deployment.one.models.install(deployment.weights(10))
    deployment.two.models.install(deployment.weights(20))
    await deployment.one.synchronize()
    await deployment.add_images(1)

    await deployment.two.container.image_analysis().attempt(Job(Task.CLASSIFICATION, deployment.images[0]))
    await deployment.two.container.image_analysis().sweep()

    (row,) = await deployment.rows()
    assert (row.state, row.attempts, row.error) == (State.PENDING, 0, "model_outdated")
    assert deployment.predictions == 0

    await deployment.two.work()
    assert await deployment.models_of_labels() == {str(await deployment.one.desired())}


async def test_model_replaced_during_prediction_leaves_no_label(deployment: Deployment) -> None:
    deployment.one.models.install(deployment.weights(10))
    await deployment.one.synchronize()
    await deployment.two.synchronize()
    await deployment.add_images(1)
    classify = deployment.two.classifier.classify

    class PublishingClassifier(LocalClassifier):
        """Another machine publishes a model while this one predicts."""

        async def classify(self, data: bytes, top: int = 5) -> Prediction:
            prediction = await classify(data, top)
            deployment.one.models.install(deployment.weights(30))
            await deployment.one.synchronize()
            return prediction

    container = memory_container(
        storage=deployment.shared.storage(),
        blobs=deployment.shared.blobs(),
        clock=deployment.clock,
        classifier=PublishingClassifier(deployment.two.models),
    )
    await container.image_analysis().attempt(Job(Task.CLASSIFICATION, deployment.images[0]))

    (row,) = await deployment.rows()
    assert (row.state, row.error) == (State.PENDING, "model_outdated")


async def test_fetched_model_replaces_default_model_only(deployment: Deployment) -> None:
    one, two = deployment.one, deployment.two
    one.models.install(deployment.weights(10), installer=Installer.DEFAULT)
    two.models.install(deployment.weights(10), installer=Installer.DEFAULT)
    await one.synchronize()
    await two.synchronize()

    fetched = two.models.install(deployment.weights(20), installer=Installer.FETCH)
    await two.synchronize()
    await one.synchronize()
    assert one.models.current() == fetched
    assert one.models.installer() is Installer.FETCH

    chosen = one.models.install(deployment.weights(30))
    await one.synchronize()
    await two.synchronize()
    two.models.install(deployment.weights(40), installer=Installer.FETCH)
    await two.synchronize()
    assert two.models.current() == chosen


async def test_simultaneous_changes_end_with_one_model(deployment: Deployment) -> None:
    one, two = deployment.one, deployment.two
    one.models.install(deployment.weights(10))
    await one.synchronize()
    await two.synchronize()
    one.models.install(deployment.weights(20))
    two.models.install(deployment.weights(30))

    await asyncio.gather(one.synchronize(), two.synchronize())
    await one.synchronize()
    await two.synchronize()

    assert one.models.current() == two.models.current()
    assert str(one.models.current()) == str(await one.desired())


async def test_model_of_remote_service_counts_until_operator_publishes(deployment: Deployment) -> None:
    classifier = ScriptedClassifier(RETRIEVER, version="a")
    container = memory_container(
        storage=deployment.shared.storage(),
        blobs=deployment.shared.blobs(),
        clock=deployment.clock,
        classifier=classifier,
    )
    synchronizing, analysis = container.model_synchronizing(), container.image_analysis()
    await synchronizing.synchronize()
    await deployment.add_images(2)
    await container.storage().queue.drain(container.job_handler().handle)
    assert await deployment.models_of_labels() == {"scripted@a"}

    classifier.version = "b"
    await synchronizing.synchronize()
    await analysis.sweep()
    await container.storage().queue.drain(container.job_handler().handle)
    assert await deployment.models_of_labels() == {"scripted@a"}

    published = await synchronizing.publish()
    assert published is not None
    assert (published.version, published.file, published.installer) == ("b", None, Installer.OPERATOR)
    await analysis.sweep()
    await container.storage().queue.drain(container.job_handler().handle)
    assert await deployment.models_of_labels() == {"scripted@b"}
    assert classifier.seen == 4


async def test_nothing_can_be_published_without_model(deployment: Deployment) -> None:
    with pytest.raises(ModelMissing):
        await deployment.one.container.model_synchronizing().publish()
