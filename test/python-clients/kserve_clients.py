"""KServe's SDK, CloudEvents and Prometheus's parser. (KServe's and Triton's messages cannot live in one process.)"""

import asyncio
import json
import unittest
import urllib.request

from cloudevents.conversion import to_binary, to_structured
from cloudevents.http import CloudEvent, from_http
from kserve import InferenceGRPCClient, InferenceRESTClient, InferInput, InferRequest, RESTConfig
from prometheus_client.parser import text_string_to_metric_families

from rows import GRPC, HTTP, LABELS, ROWS


class KserveSdk(unittest.TestCase):
    def request(self, name="svc"):
        tensor = InferInput(name="input-0", shape=list(ROWS.shape), datatype="FP64")
        tensor.set_data_from_numpy(ROWS, binary_data=False)
        return InferRequest(model_name=name, infer_inputs=[tensor], request_id="5")

    def test_rest_v1(self):
        async def ask():
            async with InferenceRESTClient(RESTConfig(protocol="v1")) as client:
                ready = await client.is_model_ready(f"http://{HTTP}", model_name="svc")
                return ready, await client.infer(f"http://{HTTP}", {"instances": ROWS.tolist()}, model_name="svc")

        ready, answer = asyncio.run(ask())
        self.assertTrue(ready)
        self.assertEqual(answer, {"predictions": LABELS})

    def test_rest_v2(self):
        async def ask(binary):
            tensor = InferInput(name="input-0", shape=list(ROWS.shape), datatype="FP64")
            tensor.set_data_from_numpy(ROWS, binary_data=binary)
            request = InferRequest(model_name="svc", infer_inputs=[tensor], request_id="5")
            async with InferenceRESTClient(RESTConfig(protocol="v2")) as client:
                self.assertTrue(await client.is_server_ready(f"http://{HTTP}"))
                self.assertTrue(await client.is_server_live(f"http://{HTTP}"))
                self.assertTrue(await client.is_model_ready(f"http://{HTTP}", model_name="svc"))
                return await client.infer(f"http://{HTTP}", request, model_name="svc")

        for binary in (False, True):
            answer = asyncio.run(ask(binary))
            self.assertEqual(answer.id, "5")
            self.assertEqual(answer.outputs[0].as_numpy().tolist(), LABELS)

    def test_grpc(self):
        async def ask(port):
            async with InferenceGRPCClient(port) as client:
                self.assertTrue(await client.is_server_ready())
                self.assertTrue(await client.is_server_live())
                self.assertTrue(await client.is_model_ready("svc"))
                return await client.infer(self.request())

        for port in (GRPC, HTTP):
            answer = asyncio.run(ask(port))
            self.assertEqual(answer.outputs[0].as_numpy().tolist(), LABELS)


class CloudEvents(unittest.TestCase):
    EVENT = CloudEvent({"type": "org.example.iris", "source": "/tests", "id": "42"}, {"instances": ROWS.tolist()})

    def ask(self, headers, body):
        request = urllib.request.Request(f"http://{HTTP}/v1/models/svc:predict", data=body, headers=dict(headers), method="POST")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return dict(answer.headers), answer.read()

    def test_binary_mode(self):
        event = from_http(*self.ask(*to_binary(self.EVENT)))
        self.assertEqual(data_of(event), {"predictions": LABELS})
        self.assertEqual(event["type"], "io.kserve.inference.response")

    def test_structured_mode(self):
        headers, body = self.ask(*to_structured(self.EVENT))
        event = from_http(headers, body)
        self.assertEqual(data_of(event), {"predictions": LABELS})


def data_of(event):
    return event.data if isinstance(event.data, dict) else json.loads(event.data)


class Metrics(unittest.TestCase):
    def test_prometheus_parser(self):
        with urllib.request.urlopen(f"http://{HTTP}/metrics", timeout=20) as answer:
            families = {family.name: family for family in text_string_to_metric_families(answer.read().decode())}
        self.assertEqual(families["request_predict_seconds"].type, "histogram")
        counted = [sample for sample in families["request_predict_seconds"].samples if sample.name.endswith("_count") and sample.labels.get("model_name") == "svc"]
        self.assertEqual(len(counted), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
