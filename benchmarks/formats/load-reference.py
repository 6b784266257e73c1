"""Writes a forest of 500 trees, or loads it and prints one JSON line: seconds, and bytes by which the process grew at its peak.

    python load-reference.py fit|load FILE
"""

import json
import resource
import sys
import time

import joblib
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier

what, file = sys.argv[1:]
if what == "fit":
    X, y = make_classification(5000, 20, n_informative=10, n_classes=3, random_state=0)
    joblib.dump(RandomForestClassifier(500, random_state=3).fit(X, y), file)
else:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    model = joblib.load(file)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "grown": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024}))
