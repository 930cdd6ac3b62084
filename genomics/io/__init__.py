r"""Sequence files in, `Records` and a `Report` of every problem out.

>>> from genomics import io
>>> records, report = io.read(b">a label=promoter\nACGT\n>b label=other\nTTGA\n", "pasted.fa")
>>> records.labels, report.problems
(['promoter', 'other'], [])
"""

from genomics.io.genbank import Feature, Genome, read_genome
from genomics.io.reading import SUFFIXES, join, read
from genomics.io.report import Problem, Records, Report, clean

__all__ = ["SUFFIXES", "Feature", "Genome", "Problem", "Records", "Report", "clean", "join", "read", "read_genome"]
