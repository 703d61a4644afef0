"""The technologies of the model, the classifier and captions. Settings choose; no logic here."""

import platform

from dependency_injector.providers import Callable, Object, Provider, Selector, Singleton

from adapters.efficientnet.default_model import EfficientNetDefaultModel
from adapters.filesystem.fetch_records import FilesystemFetchRecords
from adapters.inference.health import InferenceProbe
from adapters.labels.captions import LabelCaptionWriter
from adapters.memory.captions import MemoryCaptionWriter
from adapters.memory.classifier import MemoryImageClassifier
from adapters.memory.converter import MemoryModelConverter
from adapters.memory.default_model import MemoryDefaultModel
from adapters.memory.downloader import MemoryModelDownloader
from adapters.memory.fetch_records import MemoryFetchRecords
from adapters.memory.health import MemoryProbe
from adapters.memory.model_packages import MemoryModelPackages
from adapters.memory.models import MemoryModelStore
from adapters.memory.network import MemoryNetwork
from adapters.memory.quantizer import MemoryModelQuantizer
from adapters.onnx.classifier import OnnxImageClassifier
from adapters.onnx.device_health import DeviceProbe
from adapters.onnx.health import OnnxProbe
from adapters.onnx.model_packages import OnnxModelPackages
from adapters.onnx.models import OnnxModelStore
from adapters.onnx.network import OnnxNetwork
from adapters.onnx.quantizer import OnnxModelQuantizer
from adapters.onnx.runtime_package import runtime_package
from adapters.openai.captions import OpenAiCaptionWriter
from adapters.openai.health import PRICE_REMEDY, OpenAiProbe
from adapters.system.fetch_health import FETCH_REMEDY, FetchProbe
from adapters.system.health import SystemProbe
from adapters.tensorflow.converter import TensorFlowModelConverter
from adapters.transformers.captions import TransformersCaptionWriter
from adapters.transformers.health import TransformersProbe
from domain.captions import CaptionWriter
from domain.consent import CaptionWriters
from domain.health import Probe
from domain.ledger import Budget
from domain.vision import ImageClassifier, ModelStore
from domain.vision.conversion import ModelConverter
from domain.vision.default_model import DefaultModel
from domain.vision.desired_model import ModelPackages
from domain.vision.inference import Network
from domain.vision.model_fetch import FetchRecords, ModelDownloader
from domain.vision.quantization import ModelQuantizer
from lazy_adapters import make_downloader, make_http_classifier
from technologies import Technologies

T = Technologies


class VisionTechnologies(Technologies):
    # The model and the classifier
    onnx_runtime, no_runtime = Callable(runtime_package), Object("none needed")
    classifier_runtime = Selector(T.config.classifier, onnx=onnx_runtime, http=no_runtime, memory=no_runtime)
    network_runtime = Selector(T.config.classifier, onnx=onnx_runtime, http=onnx_runtime, memory=no_runtime)
    model_store: Provider[ModelStore] = Selector(
        T.config.classifier,
        onnx=Singleton(OnnxModelStore, home=T.config.home),
        http=Singleton(OnnxModelStore, home=T.config.home),
        memory=Singleton(MemoryModelStore),
    )
    model_packages: Provider[ModelPackages] = Selector(
        T.config.classifier,
        onnx=Singleton(OnnxModelPackages, models=model_store),
        http=Singleton(OnnxModelPackages, models=model_store),
        memory=Singleton(MemoryModelPackages, models=model_store),
    )
    classifies_here: Provider[bool] = Selector(
        T.config.classifier, onnx=Object(True), http=Object(False), memory=Object(False)
    )
    machine = Object(platform.node)
    converter: Provider[ModelConverter] = Selector(
        T.config.classifier,
        onnx=Singleton(TensorFlowModelConverter, checkout=T.config.checkout, pool=T.decoding),
        http=Singleton(TensorFlowModelConverter, checkout=T.config.checkout, pool=T.decoding),
        memory=Singleton(MemoryModelConverter),
    )
    downloader: Provider[ModelDownloader] = Selector(
        T.config.classifier,
        onnx=Singleton(make_downloader),
        http=Singleton(make_downloader),
        memory=Singleton(MemoryModelDownloader),
    )
    fetch_records: Provider[FetchRecords] = Selector(
        T.config.classifier,
        onnx=Singleton(FilesystemFetchRecords, home=T.config.home),
        http=Singleton(FilesystemFetchRecords, home=T.config.home),
        memory=Singleton(MemoryFetchRecords),
    )
    default_model: Provider[DefaultModel] = Selector(
        T.config.classifier,
        onnx=Singleton(EfficientNetDefaultModel),
        http=Singleton(EfficientNetDefaultModel),
        memory=Singleton(MemoryDefaultModel),
    )
    onnx_network = Singleton(OnnxNetwork, models=model_store, device=T.config.device, precision=T.config.precision)
    network: Provider[Network] = Selector(
        T.config.classifier, onnx=onnx_network, http=onnx_network, memory=Singleton(MemoryNetwork)
    )
    http_classifier = Singleton(
        make_http_classifier, urls=T.config.inference_urls, limits=T.limits, pool=T.decoding, tracing=T.tracing
    )
    classifier: Provider[ImageClassifier] = Selector(
        T.config.classifier,
        onnx=Singleton(OnnxImageClassifier, network=onnx_network, limits=T.limits, pool=T.decoding),
        http=http_classifier,
        memory=Singleton(MemoryImageClassifier),
    )
    quantizer: Provider[ModelQuantizer] = Selector(
        T.config.classifier,
        onnx=Singleton(OnnxModelQuantizer, models=model_store, limits=T.limits, pool=T.decoding),
        http=Singleton(OnnxModelQuantizer, models=model_store, limits=T.limits, pool=T.decoding),
        memory=Singleton(MemoryModelQuantizer, classifier=classifier),
    )
    model_probe: Provider[Probe] = Selector(
        T.config.classifier,
        onnx=Singleton(OnnxProbe, models=model_store),
        http=Singleton(InferenceProbe, classifier=classifier, urls=T.config.inference_url),
        memory=Singleton(MemoryProbe, "model"),
    )
    fetch_remedy = Object(FETCH_REMEDY)
    fetch_probe = Singleton(FetchProbe, models=model_store, records=fetch_records, enabled=T.config.fetches)
    device_probe = Singleton(DeviceProbe, device=T.config.device)
    captions: Provider[CaptionWriter | None] = Selector(
        T.config.captions,
        openai=Singleton(
            OpenAiCaptionWriter,
            api_key=T.config.openai_api_key,
            base_url=T.config.openai_base_url,
            model=T.config.openai_model,
            limits=T.limits,
            pool=T.decoding,
        ),
        transformers=Singleton(
            TransformersCaptionWriter, folder=T.config.caption_model, limits=T.limits, pool=T.decoding
        ),
        labels=Singleton(LabelCaptionWriter),
        memory=Singleton(MemoryCaptionWriter),
        off=Object(None),
    )
    caption_writers = Singleton(CaptionWriters.of, captions, offline=Singleton(LabelCaptionWriter))
    captions_probe: Provider[Probe] = Selector(
        T.config.captions,
        openai=Singleton(
            OpenAiProbe,
            api_key=T.config.openai_api_key,
            base_url=T.config.openai_base_url,
            model=T.config.openai_model,
            prices=T.config.caption_prices,
        ),
        transformers=Singleton(TransformersProbe, folder=T.config.caption_model),
        labels=Singleton(SystemProbe, "captions", "drafted from the labels, offline"),
        memory=Singleton(MemoryProbe, "captions"),
        off=Singleton(SystemProbe, "captions", "switched off (TINTYPE_CAPTIONS)"),
    )
    price_remedy = Object(PRICE_REMEDY)
    budget = Singleton(Budget, daily=T.config.caption_daily_usd, per_user=T.config.caption_user_daily_usd)
