"""How good a predictor is on records it has not seen: metrics with intervals, curves, and what guessing would score.

`of_classes`, `of_labels` (several at once) and `of_numbers` (one target or several) each give an `Evaluation`.
"""

from genomics.evaluation.classes import class_intervals, of_classes
from genomics.evaluation.labels import of_labels
from genomics.evaluation.numbers import of_numbers
from genomics.evaluation.resampling import intervals
from genomics.evaluation.value import Evaluation, from_json, to_json

__all__ = ["Evaluation", "class_intervals", "from_json", "intervals", "of_classes", "of_labels", "of_numbers", "to_json"]
