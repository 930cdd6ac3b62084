"""What the contract tests share."""

import keras
import pytest


@pytest.fixture(autouse=True)
def plain_arithmetic():
    """Keras' policy is one for the whole process: each test starts and leaves with float32."""
    keras.config.set_dtype_policy("float32")
    yield
    keras.config.set_dtype_policy("float32")
