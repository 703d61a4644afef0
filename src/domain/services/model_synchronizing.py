"""Brings the model of this machine into line with the desired model of the deployment."""

import asyncio
import logging
from collections.abc import Callable

from domain.blobs import BlobKey, BlobStore, StorageUnavailable
from domain.clock import Clock
from domain.unreferenced_blobs import UnreferencedBlobs
from domain.vision import ImageClassifier, Installer, Model, ModelMissing
from domain.vision.desired_model import DesiredModel, DesiredModels, ModelPackages, Step, next_step

logger = logging.getLogger("tintype.model")


class ModelSynchronizing:
    """`is_local`: whether this machine classifies with its installed model, rather than with a remote service."""

    def __init__(
        self,
        desired_models: DesiredModels,
        packages: ModelPackages,
        classifier: ImageClassifier,
        blobs: BlobStore,
        unreferenced_blobs: UnreferencedBlobs,
        clock: Clock,
        machine: Callable[[], str],
        is_local: bool,
    ) -> None:
        self._desired_models = desired_models
        self._packages = packages
        self._classifier = classifier
        self._blobs = blobs
        self._unreferenced_blobs = unreferenced_blobs
        self._clock = clock
        self._machine = machine
        self._is_local = is_local

    async def synchronize(self) -> None:
        """Make the model of this machine the desired one, or install the desired one here, as `next_step` says. Without
        a desired model, that of a remote service becomes it. Raises `StorageUnavailable`, `BlobMissing`,
        `UnusableModel`."""
        desired = await self._desired_models.current()
        if not self._is_local:
            if desired is None:
                await self._adopt(desired, Installer.DEFAULT)
            return
        installed = await asyncio.to_thread(self._packages.installed)
        match next_step(installed, desired):
            case Step.PUBLISH if installed is not None:
                await self._publish(desired, installed.installer)
            case Step.INSTALL if desired is not None and desired.file is not None:
                await self._install(desired, desired.file)

    async def publish(self) -> DesiredModel | None:
        """Make the model that this machine uses the desired one, for an operator. Return the desired model, which is
        another one if somebody else changed it at the same moment. Raises `ModelMissing` and what `synchronize`
        raises."""
        desired = await self._desired_models.current()
        if self._is_local:
            await self._publish(desired, Installer.OPERATOR)
        else:
            await self._adopt(desired, Installer.OPERATOR)
        published = await self._desired_models.current()
        if published is None:
            raise ModelMissing("there is no model to use; `tintype model install` installs one")
        return published

    async def _adopt(self, before: DesiredModel | None, installer: Installer) -> None:
        model = await self._classifier.model()
        if model is not None:
            await self._add(before, model, None, installer)

    async def _publish(self, before: DesiredModel | None, installer: Installer) -> None:
        """Store the file, then the row. A file without a row is swept."""
        model = await self._classifier.model()
        if model is None:
            return
        data = await asyncio.to_thread(self._packages.pack)
        key = await self._blobs.key_of(data)
        if not await self._unreferenced_blobs.reserve([key], self._clock.now()):
            raise StorageUnavailable(
                "an old copy of the model's file is being deleted; try again in a quarter of an hour"
            )
        await self._blobs.put(data)
        if await self._add(before, model, key, installer):
            await asyncio.to_thread(self._packages.mark_synchronized, key, model.version)
            logger.info("%s is the model of this deployment from now on", model)

    async def _add(self, before: DesiredModel | None, model: Model, file: BlobKey | None, installer: Installer) -> bool:
        revision = before.revision + 1 if before else 1
        return await self._desired_models.add(
            DesiredModel(
                revision,
                model.name,
                model.version,
                model.temperature,
                file,
                installer,
                self._machine(),
                self._clock.now(),
            )
        )

    async def _install(self, desired: DesiredModel, file: BlobKey) -> None:
        data = await self._blobs.get(file)
        await asyncio.to_thread(self._packages.unpack, data, file, desired.version, desired.installer)
        logger.info("installed %s, the model of this deployment", desired)
