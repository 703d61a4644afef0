"""`/v2`: the Open Inference Protocol (KServe version 2) of Triton and KServe."""

from http import HTTPStatus
from math import ceil
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from container import Container
from domain.errors import DomainError, NotFound, Unavailable
from domain.vision import EMBEDDING_SIZE, Model, ModelMissing
from domain.vision.inference import IMAGE_SHAPE, Network
from entrypoints.http.bodies import refuse_encoding
from entrypoints.http.errors import respond, status_of
from entrypoints.inference.tensor_codec import EncodedResponse, InferenceRequest, decode_request, encode_response

ALIAS = "mobilenet_v2"
"""The name that clients can use for the installed model, whatever its own name."""
OUTPUTS = ("logits", "embedding")

router = APIRouter(tags=["Open Inference Protocol"])


class InferenceError(BaseModel):
    """An error in the form of the protocol."""

    error: str


_ERROR_RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": InferenceError, "description": "Invalid request, or unknown model or version."},
    "5XX": {"model": InferenceError, "description": "No model is installed, or it cannot run now."},
}


class UnknownModel(NotFound):
    """Another model or version than the served one."""


@router.get("", operation_id="server.get")
async def server() -> dict[str, Any]:
    """The name, version and extensions of this server."""
    return {"name": "tintype", "version": "1", "extensions": ["binary_tensor_data"]}


@router.get("/health/live", operation_id="server.live")
async def live() -> dict[str, bool]:
    """Whether this server responds."""
    return {"live": True}


@router.get("/health/ready", operation_id="server.ready")
async def ready(request: Request) -> Response:
    """Whether a model is installed: 200, otherwise 503."""
    model = await _network(request).model()
    return JSONResponse({"ready": model is not None}, HTTPStatus.OK if model else HTTPStatus.SERVICE_UNAVAILABLE)


@router.get("/models/{name}/ready", operation_id="models.ready", responses=_ERROR_RESPONSES)
@router.get(
    "/models/{name}/versions/{version}/ready",
    operation_id="models.version_ready",
    description="Whether this version of the model is installed.",
    responses=_ERROR_RESPONSES,
)
async def model_ready(request: Request, name: str, version: str | None = None) -> dict[str, Any]:
    """Whether this model is installed."""
    model = await _require_model(request, name, version)
    return {"name": model.name, "version": model.version, "ready": True}


@router.get("/models/{name}", operation_id="models.get", responses=_ERROR_RESPONSES)
@router.get(
    "/models/{name}/versions/{version}",
    operation_id="models.get_version",
    description="The inputs, outputs and origin of this version of the model.",
    responses=_ERROR_RESPONSES,
)
async def metadata(request: Request, name: str, version: str | None = None) -> dict[str, Any]:
    """The inputs, outputs and origin of the model: the fields of the protocol, and `version`, `licence`, `source` and
    `classes`, the number of logits (1,000, or 1,001 with a background class first)."""
    model = await _require_model(request, name, version)
    sizes = {"logits": model.classes, "embedding": EMBEDDING_SIZE}
    return {
        "name": model.name,
        "versions": [model.version],
        "platform": "onnxruntime_onnx",
        "inputs": [{"name": "inputs", "datatype": "FP32", "shape": [-1, *IMAGE_SHAPE]}],
        "outputs": [{"name": output, "datatype": "FP32", "shape": [-1, sizes[output]]} for output in OUTPUTS],
        "version": model.version,
        "licence": model.licence,
        "source": model.source,
        "classes": model.classes,
    }


@router.post("/models/{name}/infer", operation_id="models.infer", response_class=Response, responses=_ERROR_RESPONSES)
@router.post(
    "/models/{name}/versions/{version}/infer",
    operation_id="models.infer_version",
    description="Run this version of the network on a tensor.",
    response_class=Response,
    responses=_ERROR_RESPONSES,
)
async def infer(request: Request, name: str, version: str | None = None) -> Response:
    """Run the network on a tensor: `inputs`, FP32 [-1, 224, 224, 3], RGB from 0 to 1, as JSON or binary."""
    body = await request.body()  # before any refusal, so that the client can read it
    refuse_encoding(request)
    await _require_model(request, name, version)
    wanted: InferenceRequest = await decode_request(body, request.headers, OUTPUTS)
    inference = await _network(request).infer(wanted.images)
    tensors = {"logits": inference.logits, "embedding": inference.embeddings}
    encoded: EncodedResponse = await encode_response(wanted, inference.model, tensors)
    return Response(encoded.body, headers=encoded.headers, media_type=encoded.media_type)


def install_errors(app: FastAPI) -> None:
    """Errors below `/v2` have the form of the protocol, others are problems."""
    handlers = dict(app.exception_handlers)

    for kind in list(handlers):
        app.add_exception_handler(kind, _adapt_handler(handlers[kind]))


def _adapt_handler(handler: Any) -> Any:
    async def handle(request: Request, error: Exception) -> Response:
        response: Response = await handler(request, error)
        if not request.url.path.startswith("/v2"):
            return response
        if isinstance(error, DomainError):
            return error_response(error)
        return JSONResponse({"error": _detail(response)}, response.status_code)

    return handle


def refusal_response(request: Request, error: DomainError) -> Response:
    """The response to a request that no route handles."""
    response = respond(request, error)  # also records the code for the log
    return error_response(error) if request.url.path.startswith("/v2") else response


def error_response(error: DomainError) -> Response:
    """An error in the form of the protocol."""
    headers = {"Retry-After": str(ceil(error.retry_after))} if isinstance(error, Unavailable) else None
    status = HTTPStatus.BAD_REQUEST if status_of(error) == HTTPStatus.UNPROCESSABLE_ENTITY else status_of(error)
    return JSONResponse({"error": error.detail}, status, headers)


def _detail(response: Response) -> str:
    import json

    return str(json.loads(bytes(response.body)).get("detail", "the request cannot be read"))


def _network(request: Request) -> Network:
    container: Container = request.app.state.container
    network: Network = container.network()
    return network


async def _require_model(request: Request, name: str, version: str | None) -> Model:
    model = await _network(request).model()
    if model is None:
        raise ModelMissing("no model is installed; run `tintype model install`", retry_after=30)
    if name not in {model.name, ALIAS}:
        raise UnknownModel(f"there is no model {name!r}; this server has {model.name!r}, also called {ALIAS!r}")
    if version is not None and version != model.version:
        raise UnknownModel(f"there is no version {version!r} of {model.name}; this server has {model.version!r}")
    return model
