"""Models as registry packages carry them: found without running a package's code, checked before they are used."""

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipelines.kind import Unmakeable


def folder_of(package: str) -> Path:
    """Raises Unmakeable."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Unmakeable(f"The package {package} is not installed.")
    return Path(spec.submodule_search_locations[0])


def checked(file: Path, sha256: str, what: str) -> bytes:
    """Its content, if it is what was measured. Raises Unmakeable."""
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Unmakeable(f"{what} is damaged; install it again.")
    return content


def session(model: bytes | Path) -> Any:
    """Of ONNX, on one thread."""
    import onnxruntime  # noqa: PLC0415 only the child that needs it pays for it

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options)
