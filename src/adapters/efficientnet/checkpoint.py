"""Reads a PyTorch checkpoint in the legacy format into NumPy arrays, without PyTorch and without executing its content.

The file consists of five pickles (magic number, protocol, system, tensors, storage keys), then for each key an int64
count and that many numbers. See `torch.serialization._legacy_save`.
"""

import pickle
import pickletools
import struct
from collections import OrderedDict
from collections.abc import Mapping
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.vision import UnusableModel

Tensors = Mapping[str, NDArray[Any]]

_MAGIC, _PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
_DTYPES = {"FloatStorage": "<f4", "LongStorage": "<i8"}


_MAX_MEMO = 100_000
"""The maximum number of objects in one pickle. The checkpoint of EfficientNet-Lite0 has about 4,000."""


class _Storage(NamedTuple):
    dtype: str
    key: str
    length: int


class _View(NamedTuple):
    """The arguments of `torch._utils._rebuild_tensor_v2`. Sizes count elements, not bytes."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    requires_grad: bool = False
    hooks: object = None


_ALLOWED: Mapping[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _View,
    **{("torch", name): dtype for name, dtype in _DTYPES.items()},
}
"""All names that a checkpoint may refer to. None of them has a side effect."""


def read_tensors(data: bytes) -> Tensors:
    """The tensors of a checkpoint, by name. Raises `UnusableModel` for any other file, and for a checkpoint that
    contains other objects than tensors."""
    try:
        return _read(BytesIO(data))
    except UnusableModel:
        raise
    except Exception as fault:
        # A damaged pickle can raise any exception.
        raise UnusableModel(f"the checkpoint is damaged ({type(fault).__name__}: {fault})") from fault


def _read(file: BytesIO) -> Tensors:
    magic, protocol, _system, views, keys = (_unpickle(file) for _ in range(5))
    if (magic, protocol) != (_MAGIC, _PROTOCOL):
        raise UnusableModel("the file is not a PyTorch checkpoint in the legacy format")
    dtypes = {view.storage.key: np.dtype(view.storage.dtype) for view in views.values()}
    storages = {key: _read_storage(file, dtypes[key]) for key in keys}
    return {name: _array(storages[view.storage.key], view) for name, view in views.items()}


def _unpickle(file: BytesIO) -> Any:
    """Check the memo indices first: Python allocates the memo up to the largest index, which may be four billion."""
    start = file.tell()
    for opcode, argument, _ in pickletools.genops(file):
        if opcode.name in {"PUT", "LONG_BINPUT"} and int(argument or 0) > _MAX_MEMO:
            raise UnusableModel(f"the checkpoint memoizes object {argument}; at most {_MAX_MEMO:,} are read")
    file.seek(start)
    return _Unpickler(file).load()


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise UnusableModel(f"the checkpoint names {module}.{name}; only tensors are read")
        return _ALLOWED[module, name]

    def persistent_load(self, pid: Any) -> _Storage:
        kind, dtype, key, _device, count, view = pid
        if kind != "storage" or view is not None:
            raise UnusableModel(f"the checkpoint has a persistent object {pid!r}; only storages are read")
        return _Storage(dtype, key, count)


def _read_storage(file: BytesIO, dtype: "np.dtype[Any]") -> NDArray[Any]:
    (count,) = struct.unpack("<q", file.read(8))
    return np.frombuffer(file.read(count * dtype.itemsize), dtype, count)


def _array(storage: NDArray[Any], view: _View) -> NDArray[Any]:
    """A copy. NumPy rejects an offset, shape or strides that leave the storage."""
    size = storage.itemsize
    strides = tuple(stride * size for stride in view.strides)
    return np.ndarray(view.shape, storage.dtype, storage, view.offset * size, strides).copy()
