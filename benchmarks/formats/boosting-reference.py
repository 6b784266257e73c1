"""Times a library over a model file and prints one JSON line: what it answered, and its rows per second of the processor.

    python boosting-reference.py LIBRARY FILE ROWS.json

One row is timed the way KServe's servers ask for it: a matrix is made of a list, then predicted.
"""

import json
import sys
import time

import numpy as np


def predictor(library, file):
    if library == "xgboost":
        import xgboost

        booster = xgboost.Booster(model_file=file, params={"nthread": 1})
        return lambda rows: booster.predict(xgboost.DMatrix(np.array(rows), nthread=1))
    if library == "lightgbm":
        import lightgbm

        booster = lightgbm.Booster(model_file=file)
        return lambda rows: booster.predict(np.array(rows), num_threads=1)
    import catboost

    model = catboost.CatBoostRegressor().load_model(file, format="json")
    return lambda rows: model.predict(np.array(rows), thread_count=1)


def rate(predict, rows, seconds=1.0):
    predict(rows)
    calls, started = 0, time.process_time()
    while time.process_time() - started < seconds:
        predict(rows)
        calls += 1
    return calls * len(rows) / (time.process_time() - started)


library, file, rows_file = sys.argv[1:]
rows = json.load(open(rows_file))
predict = predictor(library, file)
print(json.dumps({"answers": [float(a) for a in predict(rows)], "oneRow": rate(predict, rows[:1]), "batch": rate(predict, rows)}))
