"""What the training tests share."""

import keras
import pytest


@pytest.fixture(autouse=True)
def plain_arithmetic():
    """Keras' policy is one for the whole process: each test leaves it as float32."""
    yield
    keras.config.set_dtype_policy("float32")
