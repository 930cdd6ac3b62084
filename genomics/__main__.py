"""The command line: `python -m genomics COMMAND`. Each command is a file in `commands/`, loaded when it is asked for.

Exit status: 0 done, 2 bad input (one line that says what and how to mend it), 130 ended by Ctrl-C, 1 a bug.
"""

import argparse
import errno
import importlib
import json
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from genomics.errors import GenomicsError
from genomics.quiet import quiet

_DISK = {errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR, errno.EROFS, errno.ENOSPC, errno.EDQUOT}
COMMANDS = {
    "audit": "say what is wrong with a set of sequences, and what one gets without a network",
    "prepare": "read, cut from a genome, add negatives, mend, and write the result as a file",
    "train": "train a network on sequences",
    "resume": "go on with a run that was stopped or interrupted",
    "evaluate": "measure a run, on its own test part or on other data",
    "predict": "predict classes or numbers for sequences",
    "generate": "make new sequences with a trained generator",
    "runs": "list, show, compare, export or delete runs",
    "samples": "list the built-in samples, or write one to a file",
    "architectures": "list the architectures and their hyperparameters",
}


class Parser(argparse.ArgumentParser):
    """Says what is wrong with a line in one line, and where help is."""

    def error(self, message: str) -> NoReturn:
        """Ends with status 2."""
        print(f"{self.prog.removeprefix('python -m genomics ')}: {message}. See: {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit status."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    common = Parser(prog="python -m genomics", add_help=False, allow_abbrev=False)
    common.add_argument("--json", action="store_true", help="end standard output with one line of JSON")
    common.add_argument("--workspace", metavar="DIR", help="where datasets and runs are kept (default: GENOMICS_WORKSPACE or ./workspace)")
    shared, words = common.parse_known_args(sys.argv[1:] if arguments is None else arguments)  # allowed anywhere in the line
    parser = Parser(prog="python -m genomics", description="Deep learning on DNA from a terminal.")
    parsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        command = parsers.add_parser(name, help=summary, description=summary[:1].upper() + summary[1:] + ".", parents=[common])
        if words[:1] == [name]:
            with quiet():
                module = importlib.import_module(f"genomics.commands.{name}")
            module.arguments(command)
            command.set_defaults(carry_out=module.carry_out)
    options = parser.parse_args(words)
    vars(options).update(vars(shared))
    try:
        result, text = options.carry_out(options)
        print(json.dumps(result, separators=(",", ":")) if options.json else text, flush=True)
    except GenomicsError as error:
        print(f"{options.command}: {error}".replace("\n", " "), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever reads our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        if error.errno not in _DISK:
            raise
        place = f' "{error.filename}"' if error.filename else ""
        print(
            f"{options.command}:{place} cannot be written: {error.strerror}. Choose another place (--workspace), or make room.",
            file=sys.stderr,
        )
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
