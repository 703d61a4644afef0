"""Backfilling: classifies again the images whose labels are by another model than the current one.

Workers do this too. The rows say what is outstanding, so any number of runs and workers share the work, and a run that
was killed is continued by starting another one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from domain.clock import Clock
from domain.errors import Conflict
from domain.ids import ImageId
from domain.services.classifying import Classifying
from domain.understanding import LEASE, State, Task
from domain.unit_of_work import UnitOfWorkFactory
from domain.vision import ImageClassifier, Model, ModelMissing

PAGE_SIZE = 10_000
MAX_WAIT: timedelta = LEASE + timedelta(seconds=5)
"""How long a run waits for images that another process has started. A process that was killed never ends them."""

Advance = Callable[[int], None]
"""Reports the number of images of an ended batch."""
Engine = Callable[[Sequence[ImageId], Model, Advance], Awaitable[None]]
"""Passes images to `Backfilling.classify`, in batches, in any process."""


class ModelChanged(Conflict):
    """Another model than that of the run is installed."""

    code = "model_changed"


class Backfilling:
    def __init__(
        self, begin: UnitOfWorkFactory, classifier: ImageClassifier, classifying: Classifying, clock: Clock
    ) -> None:
        self._begin = begin
        self._classifier = classifier
        self._classifying = classifying
        self._clock = clock

    async def current_model(self) -> Model:
        """Return the model that the labels should be by. Raises `ModelMissing`."""
        model = await self._classifier.model()
        if model is None:
            raise ModelMissing("no model is installed; run `tintype model install`", retry_after=30)
        return model

    async def count(self, model: Model) -> int:
        """Return the number of images that `run` would classify now."""
        async with self._begin() as uow:
            return await uow.understandings.count_outstanding(Task.CLASSIFICATION, str(model), self._clock.now())

    async def run(
        self, model: Model, engine: Engine, advance: Advance, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """Classify all outstanding images, oldest first. Images that another process has started are waited for, and
        classified here if it died. Raises `ModelChanged`."""
        last_work = self._clock.now()
        while True:
            after: ImageId | None = None
            while images := await self._find(model, after):
                await engine(images, model, advance)
                after, last_work = images[-1], self._clock.now()
            if self._clock.now() - last_work >= MAX_WAIT or not await self._is_running_elsewhere():
                return
            await pause(1.0)

    async def classify(self, image_ids: Sequence[ImageId], model: Model) -> None:
        """Classify the images of a batch that are still outstanding for `model`. Safe to repeat. Raises
        `ModelChanged`."""
        current = await self.current_model()
        if str(current) != str(model):
            raise ModelChanged(
                f"{current} is installed here instead of {model}; install one model everywhere, and retry"
            )
        await self._classifying.attempt(*image_ids, model=str(model))

    async def _find(self, model: Model, after: ImageId | None) -> Sequence[ImageId]:
        async with self._begin() as uow:
            return await uow.understandings.find_outstanding(
                Task.CLASSIFICATION, str(model), self._clock.now(), after, PAGE_SIZE
            )

    async def _is_running_elsewhere(self) -> bool:
        async with self._begin() as uow:
            counts = await uow.understandings.counts()
        return any((one.task, one.state) == (Task.CLASSIFICATION, State.RUNNING) for one in counts)
