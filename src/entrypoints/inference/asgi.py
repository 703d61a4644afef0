"""The inference service as a server loads it."""

from fastapi import FastAPI

from container import Container
from entrypoints.inference.app import create_app
from entrypoints.settings import Settings


def create() -> FastAPI:
    return create_app(Container(config=Settings().config()))
