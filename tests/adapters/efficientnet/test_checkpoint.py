"""Handwritten checkpoints in PyTorch's legacy format: which are read, and which are refused."""

import pickle
import random
import struct
from collections import OrderedDict
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from adapters.efficientnet.checkpoint import read_tensors
from domain.vision import UnusableModel

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001


class Global:
    """Pickled as a reference to `module.name`, called with `arguments`."""

    def __init__(self, module: str, name: str, *arguments: Any) -> None:
        self.module, self.name, self.arguments = module, name, arguments


PurePickler: Any = pickle._Pickler  # unlike the one in C, it writes names that it cannot import


class Pickler(PurePickler):  # type: ignore[misc]
    def save(self, obj: Any, save_persistent_id: bool = True) -> None:
        if isinstance(obj, Global):
            self.write(f"c{obj.module}\n{obj.name}\n".encode())
            if obj.arguments:
                super().save(obj.arguments)
                self.write(pickle.REDUCE)
        else:
            super().save(obj, save_persistent_id)

    def persistent_id(self, obj: Any) -> Any:
        return obj.pid if isinstance(obj, Storage) else None


class Storage:
    def __init__(self, key: str, numbers: "np.ndarray[Any, Any]", kind: str = "FloatStorage") -> None:
        self.key, self.numbers = key, numbers
        self.pid = ("storage", Global("torch", kind), key, "cpu", len(numbers), None)


def dump(value: Any) -> bytes:
    file = BytesIO()
    Pickler(file, protocol=2).dump(value)
    return file.getvalue()


def tensor(storage: Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> Global:
    hooks: OrderedDict[str, Any] = OrderedDict()
    return Global("torch._utils", "_rebuild_tensor_v2", storage, offset, shape, strides, False, hooks)


def checkpoint(tensors: dict[str, Any], *storages: Storage, magic: int = MAGIC) -> bytes:
    pickles = (magic, PROTOCOL, {"little_endian": True}, OrderedDict(tensors), [storage.key for storage in storages])
    numbers = (struct.pack("<q", len(storage.numbers)) + storage.numbers.tobytes() for storage in storages)
    return b"".join([*map(dump, pickles), *numbers])


SIX = Storage("0", np.arange(6, dtype="<f4"))


def test_tensors_are_read_with_any_strides() -> None:
    counts = Storage("1", np.array([7, 8], dtype="<i8"), "LongStorage")
    tensors = {
        "rows": tensor(SIX, 0, (2, 3), (3, 1)),
        "columns": tensor(SIX, 0, (3, 2), (1, 3)),
        "tail": tensor(SIX, 4, (2,), (1,)),
        "count": tensor(counts, 1, (), ()),
    }
    read = read_tensors(checkpoint(tensors, SIX, counts))
    assert read["rows"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert read["columns"].tolist() == [[0, 3], [1, 4], [2, 5]]
    assert read["tail"].tolist() == [4, 5]
    assert (read["count"].dtype, int(read["count"])) == (np.dtype("<i8"), 8)


@pytest.mark.parametrize(
    "hostile",
    [
        Global("os", "system", "true"),
        Global("builtins", "eval", "1"),
        Global("torch.nn", "Module"),
        Global("collections", "defaultdict"),
    ],
)
def test_checkpoint_with_other_objects_is_refused(hostile: Global) -> None:
    with pytest.raises(UnusableModel, match="only tensors are read"):
        read_tensors(checkpoint({"weight": hostile}, SIX))


@pytest.mark.parametrize(
    "tensors",
    [
        {"weight": tensor(SIX, 0, (7,), (1,))},
        {"weight": tensor(SIX, 5, (2,), (1,))},
        {"weight": tensor(SIX, -1, (2,), (1,))},
        {"weight": tensor(SIX, 0, (2, 3), (1 << 40, 1))},
        {"weight": tensor(SIX, 0, (1 << 40,), (1,))},
    ],
)
def test_tensor_outside_storage_is_refused(tensors: dict[str, Any]) -> None:
    with pytest.raises(UnusableModel, match="damaged"):
        read_tensors(checkpoint(tensors, SIX))


@pytest.mark.parametrize("data", [b"", b"words", dump(MAGIC), dump([1] * 5) * 5, checkpoint({}, magic=1)])
def test_other_file_is_refused(data: bytes) -> None:
    with pytest.raises(UnusableModel):
        read_tensors(data)


@pytest.mark.parametrize("memoized", [b"r\xff\xff\xff\x7f", b"p2000000000\n"])
def test_checkpoint_with_excessive_memory_is_refused(memoized: bytes) -> None:
    magic = dump(MAGIC)
    with pytest.raises(UnusableModel, match="memoizes"):
        read_tensors(magic[:-1] + memoized + magic[-1:] + checkpoint({}, SIX)[len(magic) :])


def test_truncated_checkpoint_is_refused() -> None:
    whole = checkpoint({"rows": tensor(SIX, 0, (2, 3), (3, 1))}, SIX)
    for length in range(len(whole)):
        with pytest.raises(UnusableModel):
            read_tensors(whole[:length])


def test_damaged_checkpoint_is_read_or_refused() -> None:
    whole = checkpoint({"rows": tensor(SIX, 0, (2, 3), (3, 1))}, SIX)
    source = random.Random(0)  # noqa: S311 — repeatable damage
    refused = 0
    for _ in range(1_000):
        damaged = bytearray(whole)
        for _ in range(source.randint(1, 4)):
            damaged[source.randrange(len(damaged))] = source.randrange(256)
        try:
            read_tensors(bytes(damaged))
        except UnusableModel:
            refused += 1
    assert refused > 250
