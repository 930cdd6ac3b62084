"""How much memory this machine has and how much is free, in bytes. Standard library only."""

import os
from pathlib import Path

from genomics.errors import SettingError

_UNKNOWN = 8e9  # where the system does not tell
_SPARED = 0.1  # of what is free, for everybody else


def free() -> float:
    """What a run may take: `GENOMICS_MEMORY` (in GB) if it is set, else nine tenths of what is free just now.

    Raises:
        SettingError: `GENOMICS_MEMORY` is no number above 0.
    """
    asked = _asked()
    if asked:
        return asked
    left = _meminfo("MemAvailable") or whole()
    allowed = _allowed()
    if allowed:
        left = min(left, allowed - _used())
    return (1 - _SPARED) * max(0.0, left)


def whole() -> float:
    """What there is: `GENOMICS_MEMORY` (in GB) if it is set, else what this machine has, or this container is allowed.

    Raises:
        SettingError: see `free`.
    """
    there = _meminfo("MemTotal") or _pages() or _UNKNOWN
    return _asked() or min(there, _allowed() or there)


def _asked() -> float:
    """What `GENOMICS_MEMORY` says, in bytes; 0 where it says nothing."""
    text = os.environ.get("GENOMICS_MEMORY", "").strip()
    if not text:
        return 0.0
    try:
        asked = float(text) * 1e9
    except ValueError:
        asked = 0.0
    if not 0 < asked < float("inf"):
        raise SettingError(f'GENOMICS_MEMORY = "{text}" is not allowed: it is a number of gigabytes above 0, for instance 4.')
    return asked


def held(process: int | str = "self", name: str = "VmRSS") -> int:
    """Bytes of memory that a process holds, or of "VmHWM" the most that it has held, as far as Linux tells; 0 elsewhere."""
    return int(_meminfo(name, f"/proc/{process}/status"))


def _meminfo(name: str, file: str = "/proc/meminfo") -> float:
    """An entry of a file that Linux keeps, in bytes; 0 elsewhere."""
    for line in _text(file).splitlines():
        if line.startswith(f"{name}:"):
            return float(line.split()[1]) * 1024
    return 0.0


def _allowed() -> float:
    """What a container is allowed, in bytes; 0 where there is no limit."""
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        text = _text(path).strip()
        if text.isdigit():
            return float(text) if float(text) < 1e15 else 0.0
    return 0.0


def _used() -> float:
    """What a container uses, in bytes, without files that could be let go."""
    for folder, name in (("/sys/fs/cgroup", "memory.current"), ("/sys/fs/cgroup/memory", "memory.usage_in_bytes")):
        text = _text(f"{folder}/{name}").strip()
        if text.isdigit():
            files = [float(line.split()[1]) for line in _text(f"{folder}/memory.stat").splitlines() if line.startswith("inactive_file ")]
            return max(0.0, float(text) - sum(files))
    return 0.0


def _pages() -> float:
    """Memory as other Unix systems tell; 0 where they do not."""
    try:
        return float(os.sysconf("SC_PHYS_PAGES")) * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0.0


def _text(path: str) -> str:
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return ""
