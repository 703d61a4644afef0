"""The services that analyse images: the model, labels, captions and the detector of sensitive media."""

from dependency_injector.providers import Singleton

from domain.services.backfilling import Backfilling
from domain.services.captioning import Captioning
from domain.services.classifying import Classifying
from domain.services.consenting import Consenting
from domain.services.desired_classifier import DesiredClassifier
from domain.services.evaluating import Evaluating
from domain.services.image_analysis import ImageAnalysis
from domain.services.installing import Installing
from domain.services.job_handler import JobHandler
from domain.services.label_feedback import LabelFeedback
from domain.services.model_fetcher import ModelFetcher
from domain.services.model_synchronizing import ModelSynchronizing
from domain.services.quantizing import Quantizing
from domain.services.sensitivity_feedback import SensitivityFeedback
from domain.services.sensitivity_scoring import SensitivityScoring
from domain.services.task_attempts import TaskAttempts
from moderation_services import ModerationServices

T = ModerationServices


class AnalysisServices(ModerationServices):
    sensitivity_scoring = Singleton(
        SensitivityScoring,
        begin=T.begin,
        blobs=T.blobs,
        detector=T.sensitive_media_detector,
        threshold=T.config.sensitive_media_threshold,
        clock=T.clock,
        jitter=T.jitter,
    )
    sensitivity_feedback = Singleton(
        SensitivityFeedback,
        begin=T.begin,
        image_reader=T.image_reader,
        sensitivity_score_reader=T.storage.provided.sensitivity_score_reader,
        clock=T.clock,
    )
    captioning = Singleton(
        Captioning,
        begin=T.begin,
        blobs=T.blobs,
        writers=T.caption_writers,
        prices=T.config.caption_prices,
        price_remedy=T.price_remedy,
        budget=T.budget,
        clock=T.clock,
        ids=T.ids,
    )
    consenting = Singleton(Consenting, begin=T.begin, writers=T.caption_writers, clock=T.clock)
    task_attempts = Singleton(TaskAttempts, begin=T.begin, clock=T.clock, jitter=T.jitter)
    desired_classifier = Singleton(
        DesiredClassifier, classifier=T.classifier, desired_models=T.storage.provided.desired_models
    )
    classifying = Singleton(
        Classifying, task_attempts=task_attempts, blobs=T.blobs, classifier=desired_classifier, clock=T.clock
    )
    backfilling = Singleton(Backfilling, begin=T.begin, classifier=T.classifier, classifying=classifying, clock=T.clock)
    image_analysis = Singleton(
        ImageAnalysis,
        begin=T.begin,
        image_reader=T.image_reader,
        task_attempts=task_attempts,
        classifying=classifying,
        classifier=desired_classifier,
        captioning=captioning,
        clock=T.clock,
    )
    job_handler = Singleton(
        JobHandler,
        image_analysis=image_analysis,
        mailing=T.mailing,
        image_screening=T.image_screening,
        tracing=T.tracing,
        sensitivity_scoring=sensitivity_scoring,
    )
    label_feedback = Singleton(
        LabelFeedback, begin=T.begin, image_reader=T.image_reader, verdict_reader=T.storage.provided.verdict_reader
    )
    model_synchronizing = Singleton(
        ModelSynchronizing,
        desired_models=T.storage.provided.desired_models,
        packages=T.model_packages,
        classifier=T.classifier,
        blobs=T.blobs,
        unreferenced_blobs=T.storage.provided.unreferenced_blobs,
        clock=T.clock,
        machine=T.machine,
        is_local=T.classifies_here,
    )
    installing = Singleton(Installing, models=T.model_store, converter=T.converter, default=T.default_model)
    model_fetcher = Singleton(
        ModelFetcher,
        models=T.model_store,
        converter=T.converter,
        downloader=T.downloader,
        records=T.fetch_records,
        clock=T.clock,
        jitter=T.jitter,
        sources=T.config.model_sources,
        remedy=T.fetch_remedy,
    )
    quantizing = Singleton(Quantizing, quantizer=T.quantizer)
    evaluating = Singleton(Evaluating, classifier=T.classifier)
