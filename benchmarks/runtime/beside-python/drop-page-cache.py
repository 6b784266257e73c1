"""Takes files, and all files of folders, out of the page cache; what a running program maps stays there.

    python drop-page-cache.py PATH...
"""

import os
import sys
from pathlib import Path

# What is not yet on the disk would stay.
os.sync()
for root in map(Path, sys.argv[1:]):
    for file in [root] if root.is_file() else root.rglob("*"):
        if file.is_file():
            descriptor = os.open(file, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)
