"""NVIDIA's tritonclient, over HTTP and over gRPC at both ports. Models: `svc` (iris) and `species` (a PMML forest)."""

import queue
import unittest

import numpy as np
import requests
import tritonclient.grpc as triton_grpc
import tritonclient.http as triton_http
from tritonclient.utils import InferenceServerException

from rows import GRPC, HTTP, LABELS, ROWS, SPECIES, columns_of


class TritonHttp(unittest.TestCase):
    def setUp(self):
        self.client = triton_http.InferenceServerClient(HTTP)
        self.addCleanup(self.client.close)

    def infer(self, binary_in, binary_out, model="svc", dtype=np.float64, **options):
        tensor = triton_http.InferInput("input-0", list(ROWS.shape), {np.float64: "FP64", np.float32: "FP32"}[dtype])
        tensor.set_data_from_numpy(ROWS.astype(dtype), binary_data=binary_in)
        return self.client.infer(model, [tensor], outputs=[triton_http.InferRequestedOutput("output-0", binary_data=binary_out)], **options)

    def test_health_and_metadata(self):
        self.assertTrue(self.client.is_server_live())
        self.assertTrue(self.client.is_server_ready())
        self.assertTrue(self.client.is_model_ready("svc"))
        self.assertFalse(self.client.is_model_ready("nothing"))
        self.assertIn("binary_tensor_data", self.client.get_server_metadata()["extensions"])
        metadata = self.client.get_model_metadata("svc")
        self.assertEqual(metadata["name"], "svc")
        self.assertEqual(metadata["inputs"][0]["shape"], [-1, 4])

    def test_json_and_binary_in_all_four_ways(self):
        for binary_in in (False, True):
            for binary_out in (False, True):
                result = self.infer(binary_in, binary_out, request_id="7")
                self.assertEqual(result.as_numpy("output-0").tolist(), LABELS, (binary_in, binary_out))
                self.assertEqual(result.get_response()["id"], "7")

    def test_outputs_by_default_are_binary(self):
        tensor = triton_http.InferInput("input-0", list(ROWS.shape), "FP32")
        tensor.set_data_from_numpy(ROWS.astype(np.float32))
        self.assertEqual(self.client.infer("svc", [tensor]).as_numpy("output-0").tolist(), LABELS)

    def test_compression_both_ways(self):
        for algorithm in ("gzip", "deflate"):
            result = self.infer(True, True, request_compression_algorithm=algorithm, response_compression_algorithm=algorithm)
            self.assertEqual(result.as_numpy("output-0").tolist(), LABELS)

    def test_large_answers_are_compressed(self):
        rows = np.tile(ROWS, (4000, 1))
        sizes = {}
        for algorithm in (None, "gzip", "deflate"):
            tensor = triton_http.InferInput("input-0", list(rows.shape), "FP64")
            tensor.set_data_from_numpy(rows)
            result = self.client.infer("svc", [tensor], outputs=[triton_http.InferRequestedOutput("output-0")], request_compression_algorithm=algorithm, response_compression_algorithm=algorithm)
            self.assertEqual(result.as_numpy("output-0").tolist(), LABELS * 4000, algorithm)
            answer = requests.post(f"http://{HTTP}/v2/models/svc/infer", json={"inputs": [{"name": "input-0", "shape": list(rows.shape), "datatype": "FP64", "data": rows.tolist()}]}, headers={"accept-encoding": algorithm or "identity"}, stream=True)
            self.assertEqual(answer.headers.get("content-encoding"), algorithm)
            sizes[algorithm] = int(answer.headers["content-length"])
            self.assertEqual(answer.json()["outputs"][0]["data"], LABELS * 4000)
        self.assertLess(max(sizes["gzip"], sizes["deflate"]), sizes[None] / 10)

    def test_text_labels_and_a_tensor_a_column(self):
        names = self.client.get_model_metadata("species")["inputs"]
        tensors = []
        for column, spec in zip(columns_of(names), names):
            tensor = triton_http.InferInput(spec["name"], [3], "FP64")
            tensor.set_data_from_numpy(ROWS[:, column].copy())
            tensors.append(tensor)
        result = self.client.infer("species", tensors)
        self.assertEqual([text.decode() for text in result.as_numpy("species")], SPECIES)
        self.assertAlmostEqual(float(result.as_numpy("probability(setosa)")[0]), 1.0, places=6)

    def test_errors_are_the_client_s_own_exception(self):
        with self.assertRaisesRegex(InferenceServerException, "nothing"):
            self.infer(True, True, model="nothing")
        wrong = triton_http.InferInput("input-0", [1, 3], "FP64")
        wrong.set_data_from_numpy(ROWS[:1, :3].copy())
        with self.assertRaisesRegex(InferenceServerException, "3"):
            self.client.infer("svc", [wrong])

    def test_many_at_once(self):
        client = triton_http.InferenceServerClient(HTTP, concurrency=8)
        tensor = triton_http.InferInput("input-0", list(ROWS.shape), "FP64")
        tensor.set_data_from_numpy(ROWS)
        pending = [client.async_infer("svc", [tensor]) for _ in range(200)]
        for one in pending:
            self.assertEqual(one.get_result().as_numpy("output-0").tolist(), LABELS)
        client.close()


class TritonGrpc(unittest.TestCase):
    PORT = GRPC

    def setUp(self):
        self.client = triton_grpc.InferenceServerClient(self.PORT)
        self.addCleanup(self.client.close)

    def tensor(self, rows=ROWS, datatype="FP64"):
        tensor = triton_grpc.InferInput("input-0", list(rows.shape), datatype)
        tensor.set_data_from_numpy(rows)
        return tensor

    def test_health_and_metadata(self):
        self.assertTrue(self.client.is_server_live())
        self.assertTrue(self.client.is_server_ready())
        self.assertTrue(self.client.is_model_ready("svc"))
        self.assertEqual(self.client.get_model_metadata("svc").inputs[0].name, "input-0")

    def test_infer(self):
        result = self.client.infer("svc", [self.tensor()], request_id="9")
        self.assertEqual(result.as_numpy("output-0").tolist(), LABELS)
        self.assertEqual(result.get_response().id, "9")

    def test_compression_both_ways_and_deadline(self):
        for algorithm in ("gzip", "deflate"):
            for times in (1, 4000):
                result = self.client.infer("svc", [self.tensor(np.tile(ROWS, (times, 1)))], compression_algorithm=algorithm, client_timeout=20)
                self.assertEqual(result.as_numpy("output-0").tolist(), LABELS * times)

    def test_stream(self):
        answers = queue.Queue()
        self.client.start_stream(callback=lambda result, error: answers.put((result, error)))
        for i in range(20):
            self.client.async_stream_infer("svc", [self.tensor()], request_id=str(i))
        for i in range(20):
            result, error = answers.get(timeout=20)
            self.assertIsNone(error)
            self.assertEqual(result.get_response().id, str(i))
            self.assertEqual(result.as_numpy("output-0").tolist(), LABELS)
        self.client.stop_stream()

    def test_text_outputs(self):
        names = [spec.name for spec in self.client.get_model_metadata("species").inputs]
        tensors = []
        for column, name in zip(columns_of([{"name": name} for name in names]), names):
            tensor = triton_grpc.InferInput(name, [3], "FP64")
            tensor.set_data_from_numpy(ROWS[:, column].copy())
            tensors.append(tensor)
        result = self.client.infer("species", tensors)
        self.assertEqual([text.decode() for text in result.as_numpy("species")], SPECIES)

    def test_errors(self):
        with self.assertRaisesRegex(InferenceServerException, "nothing"):
            self.client.infer("nothing", [self.tensor()])


class TritonGrpcOnTheHttpPort(TritonGrpc):
    PORT = HTTP


if __name__ == "__main__":
    unittest.main(verbosity=2)
