"""`/v1`: classifies or embeds an encoded image; unfiltered softmax probabilities."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import UploadFile

from container import Container
from domain.errors import FieldError, Invalid
from domain.vision import Prediction
from entrypoints.http.bodies import refuse_encoding
from entrypoints.http.multipart import read_multipart
from entrypoints.http.problems import problems
from entrypoints.http.schemas import Out

Top = Annotated[int, Query(ge=1, le=1000, description="Number of classes, best first.")]
_OPENAPI_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The bytes of the image, or a form with one file part named `file`.",
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}
router = APIRouter(tags=["images"])


class Model(Out):
    name: str
    version: str
    device: str


class Label(Out):
    key: str
    name: str
    class_index: int | None
    score: float
    tags: list[str]


class Classification(Out):
    model: Model
    labels: list[Label]


class Embedding(Classification):
    embedding: list[float]


@router.post("/classify", response_model=Classification, responses=problems(400, 413, 415), openapi_extra=_OPENAPI_BODY)
async def classify(request: Request, top: Top = 5) -> Response:
    """The best classes of an image, with their probabilities."""
    return _json_response(_to_json(await _classify(request, top)))


@router.post("/embed", response_model=Embedding, responses=problems(400, 413, 415), openapi_extra=_OPENAPI_BODY)
async def embed(request: Request, top: Top = 5) -> Response:
    """The best classes of an image, and its embedding: 1,280 numbers."""
    prediction = await _classify(request, top)
    return _json_response({**_to_json(prediction), "embedding": prediction.embedding})


def _json_response(content: dict[str, Any]) -> Response:
    """Serialized directly: validating each response against its model would take a tenth of the inference time."""
    return Response(json.dumps(content, separators=(",", ":")), media_type="application/json")


async def _classify(request: Request, top: int) -> Prediction:
    container: Container = request.app.state.container
    prediction: Prediction = await container.classifier().classify(await _read_image(request), top)
    return prediction


def _to_json(prediction: Prediction) -> dict[str, Any]:
    model = prediction.model
    return {
        "model": {"name": model.name, "version": model.version, "device": model.device},
        "labels": [
            {
                "key": label.key,
                "name": label.name,
                "class_index": label.class_index,
                "score": label.score,
                "tags": label.tags,
            }
            for label in prediction.labels
        ],
    }


async def _read_image(request: Request) -> bytes:
    refuse_encoding(request)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    form = await read_multipart(request, max_files=1, max_fields=0)
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Invalid.of(FieldError("file", "missing", "is missing: send the image as a file part of this name", 1))
        return await file.read()
    finally:
        await form.close()
