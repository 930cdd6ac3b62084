"""Tables with types of their own, Parquet and Excel: their cells become the text that a CSV file would hold."""

import datetime
import io
import mmap
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, overload

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from genomics.errors import InputError, TooLargeError
from genomics.io import source
from genomics.io.columns import SAMPLE, Asked, Parsed, assemble, choose, looks_like_dna
from genomics.io.report import Collector, shorten

_BATCH, _BATCH_BYTES = 8192, 16_000_000  # rows read at once at most, and about how many bytes of sequences
_STREAMED = 200_000_000  # bytes of sequences from which on they are read piece by piece, and never all in memory
_WHOLE = 2**53  # beyond it a float no longer tells two whole numbers apart


class Streamed(Sequence[str]):
    """A column of texts that is read a piece at a time, whenever it is gone through; one by one is slow."""

    def __init__(self, parquet: pq.ParquetFile, name: str, file: str) -> None:
        self._parquet, self._name, self._file = parquet, name, file
        self._pieces: Iterator[list[str]] = iter(())
        self._first, self._piece = len(self), list[str]()

    def __len__(self) -> int:
        return int(self._parquet.metadata.num_rows)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        if index < self._first:
            self._pieces, self._first, self._piece = self._read(), 0, []
        while index >= self._first + len(self._piece):
            self._first += len(self._piece)
            self._piece = next(self._pieces)
        return self._piece[index - self._first]

    def __iter__(self) -> Iterator[str]:
        for piece in self._read():
            yield from piece

    def _read(self) -> Iterator[list[str]]:
        long = _unpacked(self._parquet, self._name) // max(1, len(self))
        rows = max(1, min(_BATCH, _BATCH_BYTES // max(1, long)))
        for batch in self._parquet.iter_batches(rows, columns=[self._name]):
            yield _texts(batch[self._name], self._name, self._file)


def parse_parquet(data: bytes | mmap.mmap, collector: Collector, *, sequence: str = "", label: str = "", group: str = "") -> Parsed:
    """Reads a Parquet table; the arguments are those of `table.parse`. Many sequences are streamed, see `Streamed`.

    Raises:
        InputError: damaged, no rows, no sequence column, or a needed column that is no text and no number.
        TooLargeError: it unpacks to more than `source.limit()`.
    """
    file, asked = collector.file, Asked(sequence, label, group)
    try:
        parquet = pq.ParquetFile(pa.BufferReader(data))
        header = [str(name) for name in parquet.schema_arrow.names]
        if not parquet.metadata.num_rows:
            raise InputError(f"{file} holds no rows. Add rows with sequences.")
        batch = next(parquet.iter_batches(SAMPLE), None)
        if batch is None:  # its last lines promise rows that are not there
            raise InputError(f"{file} is truncated or damaged Parquet. Fetch it again or write it again.")
        first = batch.to_pydict()
        rows = list(zip(*([value if isinstance(value, str) else "" for value in first[name]] for name in header), strict=True))
        roles = choose(header, rows, asked, collector)
        names = {at: header[at] for at in roles.used()}
        _check_type(parquet.schema_arrow.field(names[roles.sequence]).type, names[roles.sequence], file, sequence=True)
        streamed = Streamed(parquet, names[roles.sequence], file) if _unpacked(parquet, names[roles.sequence]) > _STREAMED else None
        if streamed is not None:
            del names[roles.sequence]
        cells = _columns(parquet, names, roles.sequence, file)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} is truncated or damaged Parquet ({shorten(str(error))}). Fetch it again or write it again.") from None

    def column(at: int) -> Sequence[str]:
        return streamed if streamed is not None and at == roles.sequence else cells.pop(at)

    return assemble(header, roles, column, [0] * parquet.metadata.num_rows, asked, collector)


def _unpacked(parquet: pq.ParquetFile, name: str) -> int:
    """Bytes of a column."""
    groups = (parquet.metadata.row_group(number) for number in range(parquet.metadata.num_row_groups))
    columns = (group.column(at) for group in groups for at in range(group.num_columns))
    return sum(column.total_uncompressed_size for column in columns if column.path_in_schema == name)


def _columns(parquet: pq.ParquetFile, names: dict[int, str], sequence: int, file: str) -> dict[int, list[str]]:
    """The columns needed, batch by batch: only one of them is in memory twice, and a small file that holds a huge one costs none."""
    for at, name in names.items():
        _check_type(parquet.schema_arrow.field(name).type, name, file, sequence=at == sequence)
    columns: dict[int, list[str]] = {at: [] for at in names}
    total = 0
    for batch in parquet.iter_batches(_BATCH, columns=list(names.values())):
        total += batch.nbytes
        _check_size(total, file)
        for at, texts in columns.items():
            texts += _texts(batch[names[at]], names[at], file)
    return columns


def _check_type(kind: pa.DataType, name: str, file: str, *, sequence: bool) -> None:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    is_bytes = pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
    if pa.types.is_nested(kind) or (sequence and not (is_text or is_bytes or pa.types.is_null(kind))):
        allowed = "text" if sequence else "text, numbers or dates"
        raise InputError(f'{file}: column "{shorten(name)}" holds {shorten(str(kind))}; it must hold {allowed}. Write it anew as such.')


def _texts(column: pa.Array, name: str, file: str) -> list[str]:
    """Values as CSV would hold them; what is missing, or no number, is empty."""
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), None, column)
    try:
        text = pc.utf8_trim_whitespace(pc.cast(column, pa.large_string()))
    except pa.ArrowException as error:
        raise InputError(f'{file}: column "{shorten(name)}" cannot be read as text ({shorten(str(error))}). Write it anew.') from None
    texts: list[str] = pc.fill_null(text, "").to_pylist()
    return texts


def parse_excel(data: bytes, collector: Collector, *, sequence: str = "", label: str = "", group: str = "") -> Parsed:
    """Reads the first sheet of an Excel file (.xlsx, .xls) that has a sequence column; the arguments are those of `table.parse`.

    Raises:
        InputError: no Excel file, damaged or locked, or no sheet with the columns needed.
        TooLargeError: it unpacks to more than `source.limit()`.
    """
    file, asked = collector.file, Asked(sequence, label, group)
    errors: list[InputError] = []
    try:
        if zipfile.is_zipfile(io.BytesIO(data)):
            _check_size(sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(data)).infolist()), file)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            tried = Collector(file)
            try:
                parsed = _sheet(book.get_sheet_by_name(name).to_python(skip_empty_area=False), asked, tried)
            except InputError as error:
                errors.append(error)
                continue
            others = f" (of {len(book.sheet_names)}: the first with a sequence column)" if len(book.sheet_names) > 1 else ""
            collector.notes += [f'{file}: read from the sheet "{shorten(name)}"{others}.', *tried.notes]
            collector.problems += tried.problems
            collector.counts.update(tried.counts)
            return parsed
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        locked = "password" in str(error).lower()
        remedy = "Save it without its password." if locked else "Save it again as .xlsx, or as CSV."
        raise InputError(f"{file} cannot be read as Excel ({shorten(str(error))}). {remedy}") from None
    if len(errors) == 1:
        raise errors[0]
    raise InputError(
        f"{file}: none of its {len(errors)} sheets has what is needed. The first: {errors[0]}" if errors else f"{file} has no sheets."
    )


def _sheet(grid: list[list[Any]], asked: Asked, collector: Collector) -> Parsed:
    """A sheet's rows of values; the first row that is not empty holds the names."""
    file = collector.file
    rows = [(line, texts) for line, row in enumerate(grid, start=1) if any(texts := [_cell_text(value) for value in row])]
    if not rows:
        raise InputError(f"{file} has an empty sheet. Add rows with sequences.")
    used = [at for at in range(len(rows[0][1])) if any(texts[at] for _, texts in rows)]
    header = [rows[0][1][at] or f"column {at + 1}" for at in used]
    if any(looks_like_dna(name) for name in header):
        header = [f"column {at + 1}" for at in used]
        collector.notes.append(f"{file} has no header row; its columns are called {', '.join(header)}.")
    else:
        rows = rows[1:]
    if not rows:
        raise InputError(f"{file} has a header row only. Add rows with sequences.")
    body = [[texts[at] for at in used] for _, texts in rows]
    roles = choose(header, body, asked, collector)
    return assemble(header, roles, lambda at: [row[at] for row in body], [line for line, _ in rows], asked, collector)


def _cell_text(value: object) -> str:
    """A cell as CSV would hold it. Excel keeps every number as a float, so a whole one is written without a point."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _WHOLE else "" if value != value else repr(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    return str(value).strip()


def _check_size(size: int, file: str) -> None:
    if size > source.limit():
        raise TooLargeError(f"{file} unpacks to more than {source.limit() / 1e9:.3g} GB. Split the file, or raise GENOMICS_MAX_BYTES.")
