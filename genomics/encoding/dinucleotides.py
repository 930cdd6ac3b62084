"""Each pair of neighbours as physical properties of the double helix: how stiff it is, and how firmly its pairs stack.

Stiffness: force constants of the six movements of one base pair against the next, from molecular dynamics of B-DNA:
Goñi 2007, doi 10.1186/gb-2007-8-12-r263, table 1 (twist, tilt, roll in kcal/(mol degree²); shift, slide, rise in
kcal/(mol Å²)). Stacking: free energy at 37 °C in kcal/mol, SantaLucia 1998, doi 10.1073/pnas.95.4.1460, table 1
(unified). All are the same read from either strand, so ten pairs have all sixteen.

Rows are codes; the model looks the numbers up.
"""

import numpy as np
from numpy.typing import NDArray

from genomics.encoding.kind import Encoding
from genomics.encoding.one_hot import encode
from genomics.sequences import BASES, reverse_complement_text

PROPERTIES = ("twist", "tilt", "roll", "shift", "slide", "rise", "stacking")
MEASURED = {
    "AA": (0.026, 0.038, 0.020, 1.69, 2.26, 7.65, -1.00),
    "AC": (0.036, 0.038, 0.023, 1.32, 3.03, 8.93, -1.44),
    "AG": (0.031, 0.037, 0.019, 1.46, 2.03, 7.08, -1.28),
    "AT": (0.033, 0.036, 0.022, 1.03, 3.83, 9.07, -0.88),
    "CA": (0.016, 0.025, 0.017, 1.07, 1.78, 6.38, -1.45),
    "CC": (0.026, 0.042, 0.019, 1.43, 1.65, 8.04, -1.84),
    "CG": (0.014, 0.026, 0.016, 1.08, 2.00, 6.23, -2.17),
    "GA": (0.025, 0.038, 0.020, 1.32, 1.93, 8.56, -1.30),
    "GC": (0.025, 0.036, 0.026, 1.20, 2.61, 9.53, -2.24),
    "TA": (0.017, 0.018, 0.016, 0.72, 1.20, 6.23, -0.58),
}


def table() -> NDArray[np.float32]:
    """The properties by word number, standardised over the sixteen pairs: float32 (17, 7), row 0 (unknown) is zeros."""
    pairs = [first + second for first in BASES for second in BASES]
    values = np.array([MEASURED.get(pair) or MEASURED[reverse_complement_text(pair)] for pair in pairs])
    scaled = (values - values.mean(0)) / values.std(0)
    return np.concatenate([np.zeros((1, len(PROPERTIES))), scaled]).astype(np.float32)


ENCODING = Encoding(
    name="dinucleotides",
    summary="each pair of neighbours as seven physical properties: six kinds of stiffness, and stacking energy",
    encode=encode,
    shape=lambda layout, size: (layout.length,),
    dtype="uint8",
    codes=True,
)
