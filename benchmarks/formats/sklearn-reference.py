"""Fits models, writes them with joblib, and prints one JSON line for each: what it answered, and its rows per second of the processor.

    python sklearn-reference.py forest|svc FOLDER

The rows that were answered lie in FOLDER/*.json.
"""

import json
import os
import statistics
import sys
import time

import joblib
from sklearn.datasets import load_iris, make_classification
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.svm import SVC, SVR


def table(**options):
    """6,000 rows: the first 5,000 to fit on, the others to answer."""
    X, y = make_classification(6000, 20, n_informative=10, n_classes=3, random_state=0, **options)
    return X[:5000], y[:5000], X[5000:]


def iris():
    X, y = load_iris(return_X_y=True)
    return X, y, X[[index % 150 for index in range(1000)]]


def forests(trees=100):
    X, y, rows = table()
    yield "random forest, depth 6", RandomForestClassifier(trees, max_depth=6, random_state=1).fit(X, y), rows
    yield "random forest, depth 12", RandomForestClassifier(trees, max_depth=12, random_state=2).fit(X, y), rows
    yield "random forest, unlimited", RandomForestClassifier(trees, random_state=3).fit(X, y), rows
    yield "extra trees, unlimited", ExtraTreesClassifier(trees, random_state=4).fit(X, y), rows
    yield "regressor, depth 12", RandomForestRegressor(trees, max_depth=12, max_features=0.5, random_state=5).fit(X, X[:, 0] * y), rows


def machines():
    X, y, rows = iris()
    yield "iris", SVC().fit(X, y), rows
    X, y, rows = table(class_sep=2.0)
    yield "20 columns", SVC().fit(X[:2000], y[:2000]), rows
    yield "regressor", SVR(C=10).fit(X[:1000], X[:1000, 0] * y[:1000]), rows


def size(model):
    if hasattr(model, "estimators_"):
        return f"{sum(e.tree_.node_count for e in model.estimators_):,} nodes"
    return f"{len(model.support_)} support vectors"


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


family, folder = sys.argv[1:]
for index, (name, model, rows) in enumerate({"forest": forests, "svc": machines}[family]()):
    file, rows_file = f"{index}.joblib", f"{index}.json"
    joblib.dump(model, os.path.join(folder, file))
    json.dump(rows.tolist(), open(os.path.join(folder, rows_file), "w"))
    detail = {"forest": "predict_proba", "svc": "decision_function"}[family]
    numbers = getattr(model, detail)(rows).ravel().tolist() if hasattr(model, detail) else []
    print(json.dumps({
        "name": name, "size": size(model), "file": file, "rows": rows_file,
        "answers": model.predict(rows).tolist(), "method": detail, "numbers": numbers,
        "oneRow": rate(model.predict, rows[:1]), "batch": rate(model.predict, rows),
    }), flush=True)
