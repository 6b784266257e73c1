"""KServe's own Python server with the model class that its documentation teaches; arguments: folder, HTTP port, gRPC port."""

import sys

import joblib
import kserve
from kserve.utils.utils import get_predict_input, get_predict_response

FOLDER, HTTP_PORT, GRPC_PORT = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
sys.argv = sys.argv[:1]


class SklearnModel(kserve.Model):
    def load(self):
        self.model = joblib.load(f"{FOLDER}/model.joblib")
        self.ready = True
        return True

    def predict(self, payload, headers=None):
        return get_predict_response(payload, self.model.predict(get_predict_input(payload)), self.name)


model = SklearnModel("m")
model.load()
kserve.ModelServer(http_port=HTTP_PORT, grpc_port=GRPC_PORT, workers=1, enable_latency_logging=False, access_log_format=None).start([model])
