"""`python -m benchmarks [read audit dashboard browser training memory]`: all of them, each in a process of its own."""

import subprocess
import sys

ALL = ("read", "audit", "dashboard", "browser", "training", "memory")

if __name__ == "__main__":
    for name in sys.argv[1:] or ALL:
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
