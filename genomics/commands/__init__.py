"""The commands of `python -m genomics`: each file has `arguments(parser)` and `carry_out(options)`.

`carry_out` returns a JSON value and the same as text for people; progress goes to standard error.
"""
