"""What a run was carried out with."""

import platform
from importlib import metadata

_PACKAGES = ("tensorflow-cpu", "tensorflow", "keras", "numpy", "streamlit", "biopython", "scikit-learn")


def installed() -> dict[str, str]:
    """Versions of Python and of the packages that results depend on, by name; what is not installed is left out."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
