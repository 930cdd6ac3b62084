r"""Sequence files in, `Records` and a `Report` of every problem out.

>>> from genomics import io
>>> records, report = io.read(b">a label=promoter\nACGT\n>b label=other\nTTGA\n", "pasted.fa")
>>> records.labels, report.problems
(['promoter', 'other'], [])
"""

from genomics.io.cutting import inner, windows
from genomics.io.features import Annotated, Feature, kinds
from genomics.io.folds import read_folds
from genomics.io.genome import read_annotated
from genomics.io.joining import join
from genomics.io.policy import POLICY_HELP, Policy, parse_policy
from genomics.io.reading import SUFFIXES, read
from genomics.io.reference import read_contigs
from genomics.io.report import Problem, Records, Report, clean, untreated

__all__ = [
    "POLICY_HELP",
    "SUFFIXES",
    "Annotated",
    "Feature",
    "Policy",
    "Problem",
    "Records",
    "Report",
    "clean",
    "inner",
    "join",
    "kinds",
    "parse_policy",
    "read",
    "read_annotated",
    "read_contigs",
    "read_folds",
    "untreated",
    "windows",
]
