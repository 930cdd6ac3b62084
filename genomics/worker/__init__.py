"""The process that carries out a run: a small parent that watches, and a child that trains."""
