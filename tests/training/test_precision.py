"""Which arithmetic is chosen."""

import keras
import pytest

from genomics.training import precision


@pytest.mark.parametrize(
    ("asked", "architecture", "processor", "chosen"),
    [
        ("float32", "auto", True, "float32"),
        ("bfloat16", "float32", False, "bfloat16"),
        ("auto", "auto", True, "bfloat16"),
        ("auto", "auto", False, "float32"),
        ("auto", "float32", True, "float32"),
    ],
)
def test_the_visitor_then_the_architecture_then_the_processor_decide(monkeypatch, asked, architecture, processor, chosen):
    monkeypatch.setattr(precision, "has_bfloat16", lambda: processor)
    try:
        assert precision.choose(asked, architecture) == chosen
        assert keras.config.dtype_policy().name == {"float32": "float32", "bfloat16": "mixed_bfloat16"}[chosen]
    finally:
        keras.config.set_dtype_policy("float32")
