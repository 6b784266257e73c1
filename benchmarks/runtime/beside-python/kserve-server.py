"""KServe's own Python server with the model class that its documentation teaches; arguments: folder, HTTP port, gRPC port.

Boosters predict as KServe's xgboost and lightgbm servers do, with one thread.
"""

import sys

from pathlib import Path

import joblib
import kserve
import numpy as np
from kserve.utils.utils import get_predict_input, get_predict_response

FOLDER, HTTP_PORT, GRPC_PORT = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
sys.argv = sys.argv[:1]


def predictor(file):
    if file.suffix == ".joblib":
        return joblib.load(file).predict
    if file.suffix == ".ubj":
        import xgboost as xgb

        booster = xgb.Booster(params={"nthread": 1}, model_file=str(file))
        return lambda rows: booster.predict(xgb.DMatrix(np.asarray(rows), nthread=1))
    import lightgbm as lgb

    booster = lgb.Booster(params={"nthread": 1}, model_file=str(file))
    return lambda rows: booster.predict(rows, num_threads=1)


class Model(kserve.Model):
    def load(self):
        self.run = predictor(next(Path(FOLDER).iterdir()))
        self.ready = True
        return True

    def predict(self, payload, headers=None):
        return get_predict_response(payload, self.run(get_predict_input(payload)), self.name)


model = Model("m")
model.load()
kserve.ModelServer(http_port=HTTP_PORT, grpc_port=GRPC_PORT, workers=1, enable_latency_logging=False, access_log_format=None).start([model])
