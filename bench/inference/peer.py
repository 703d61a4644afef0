"""The peer: FastAPI and ONNX Runtime, one image per call in the thread pool, as is common."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool

from bench.inference.limit import decode

app = FastAPI()
_options = ort.SessionOptions()
_options.intra_op_num_threads = os.cpu_count() or 1
_network = ort.InferenceSession(Path(os.environ["MODEL"]), _options, providers=["CPUExecutionProvider"])
_name = _network.get_inputs()[0].name


def _classify(body: bytes) -> list[dict[str, Any]]:
    logits = _network.run(None, {_name: decode(body)})[0][0]
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    best = np.argsort(-shares)[:5]
    return [{"class_index": int(index), "score": float(shares[index])} for index in best]


@app.post("/v1/classify")
async def classify(request: Request) -> list[dict[str, Any]]:
    return await run_in_threadpool(_classify, await request.body())
