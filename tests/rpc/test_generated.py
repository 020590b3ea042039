"""What `protoc` made is in the repository, so that nobody needs it to run Parley; it must not lag behind its source."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from grpc_tools import protoc

ROOT = Path(__file__).parents[2]
# Where each was compiled from, as its generated code says.
SOURCES = [("models/wire", "inference.proto", "models.wire.inference_pb2"),
           (".", "sfu/rpc/parley.proto", "sfu.rpc.parley_pb2")]  # fmt: skip


def compiled(folder: Path, source: str, out: Path) -> FileDescriptorProto:
    written = out / "descriptors"
    assert protoc.main(["protoc", f"-I{folder}", f"--descriptor_set_out={written}", source]) == 0
    (file,) = FileDescriptorSet.FromString(written.read_bytes()).file
    return file


def without_json_names(file: FileDescriptorProto) -> FileDescriptorProto:
    """A set of descriptors spells out what generated code leaves to be derived."""
    waiting = list(file.message_type)
    while waiting:
        message = waiting.pop()
        waiting += message.nested_type
        for field in message.field:
            field.ClearField("json_name")
    return file


@pytest.mark.parametrize(("folder", "source", "module"), SOURCES)
def test_generated_code_says_what_its_source_says(tmp_path: Path, folder: str, source: str, module: str) -> None:
    checked_in = FileDescriptorProto()
    importlib.import_module(module).DESCRIPTOR.CopyToProto(checked_in)

    assert without_json_names(checked_in) == without_json_names(compiled(ROOT / folder, source, tmp_path))


def test_every_call_of_the_services_has_its_stub() -> None:
    services = importlib.import_module("sfu.rpc.parley_pb2").DESCRIPTOR.services_by_name
    generated = importlib.import_module("sfu.rpc.parley_pb2_grpc")

    for name, service in services.items():
        for method in service.methods:
            assert callable(getattr(getattr(generated, f"{name}Servicer"), method.name))
