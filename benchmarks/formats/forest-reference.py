"""Fits forests, writes them with joblib, and prints one JSON line for each: what it answered, and its rows per second of the processor.

    python forest-reference.py FOLDER

The rows that were answered lie in FOLDER/rows.json.
"""

import json
import os
import statistics
import sys
import time

import joblib
from sklearn.datasets import make_classification
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier, RandomForestRegressor

TREES = 100
CASES = [
    ("random forest", "depth 6", RandomForestClassifier(TREES, max_depth=6, random_state=1)),
    ("random forest", "depth 12", RandomForestClassifier(TREES, max_depth=12, random_state=2)),
    ("random forest", "unlimited", RandomForestClassifier(TREES, random_state=3)),
    ("extra trees", "unlimited", ExtraTreesClassifier(TREES, random_state=4)),
    ("regressor", "depth 12", RandomForestRegressor(TREES, max_depth=12, max_features=0.5, random_state=5)),
]


def rate(predict, rows, rounds=7):
    """The median of rounds of a fifth of a second of the processor, after one that warms up."""
    rates = []
    for _ in range(rounds + 1):
        calls, started = 0, time.process_time()
        while time.process_time() - started < 0.2:
            predict(rows)
            calls += 1
        rates.append(calls * len(rows) / (time.process_time() - started))
    return statistics.median(rates[1:])


folder = sys.argv[1]
X, y = make_classification(6000, 20, n_informative=10, n_classes=3, random_state=0)
matrix = X[5000:]
json.dump(matrix.tolist(), open(os.path.join(folder, "rows.json"), "w"))
for index, (kind, depth, model) in enumerate(CASES):
    model.fit(X[:5000], X[:5000, 0] * y[:5000] if kind == "regressor" else y[:5000])
    file = f"forest-{index}.joblib"
    joblib.dump(model, os.path.join(folder, file))
    proba = [] if kind == "regressor" else model.predict_proba(matrix).ravel().tolist()
    print(json.dumps({
        "kind": kind, "depth": depth, "file": file, "nodes": sum(e.tree_.node_count for e in model.estimators_),
        "answers": model.predict(matrix).tolist(), "probabilities": proba,
        "oneRow": rate(model.predict, matrix[:1]), "batch": rate(model.predict, matrix),
    }), flush=True)
