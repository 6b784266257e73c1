# What the entry point of KServe's storage initializer does: downloads SOURCE into TARGET.
import sys

from kserve_storage import Storage

Storage.download_files([sys.argv[1]], [sys.argv[2]])
