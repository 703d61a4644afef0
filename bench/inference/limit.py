"""The limit: Pillow decodes and scales, ONNX Runtime runs, one image at a time per core, without a server."""

import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from statistics import median

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from PIL import Image


def decode(data: bytes) -> NDArray[np.float32]:
    """The usual preprocessing: short side to 256, the central 224 × 224, 0 to 1."""
    image = Image.open(BytesIO(data)).convert("RGB")
    scale = 256 / min(image.size)
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BILINEAR)
    left, top = (image.width - 224) // 2, (image.height - 224) // 2
    return np.asarray(image.crop((left, top, left + 224, top + 224)), dtype=np.float32)[np.newaxis] / np.float32(255)


def session(weights: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def images_per_second(weights: Path, images: list[bytes], cores: int, seconds: float) -> float:
    network = session(weights)
    name = network.get_inputs()[0].name
    stop = time.perf_counter() + seconds

    def work(start: int) -> int:
        count = 0
        while time.perf_counter() < stop:
            network.run(None, {name: decode(images[(start + count) % len(images)])})
            count += 1
        return count

    began = time.perf_counter()
    with ThreadPoolExecutor(cores) as pool:
        done = sum(pool.map(work, range(cores)))
    return done / (time.perf_counter() - began)


def one_image_ms(weights: Path, images: list[bytes]) -> float:
    """The median of decoding and running one image."""
    network = session(weights)
    name = network.get_inputs()[0].name
    durations = []
    for data in images * 2:
        began = time.perf_counter()
        network.run(None, {name: decode(data)})
        durations.append((time.perf_counter() - began) * 1000)
    return median(durations)
