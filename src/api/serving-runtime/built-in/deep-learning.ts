import { SERVER_PORT } from '../../keys';
import type { ServingRuntime } from '../types';
import { RESTRICTED, clusterRuntime } from './cluster-runtime';

const GRPC_PORT = 9000;
/** These images run as root unless told otherwise, and their files are readable by anybody. */
const AS_USER = { ...RESTRICTED, runAsUser: 1000 };

const TENSORFLOW: ServingRuntime = clusterRuntime({
  name: 'kserve-tensorflow-serving',
  serverType: 'tensorflow-serving',
  supportedModelFormats: ['1', '2'].map((version) => ({ name: 'tensorflow', version, autoSelect: true, priority: 2 })),
  protocolVersions: ['v1', 'grpc-v1'],
  server: {
    image: 'tensorflow/serving:2.6.2',
    command: ['/usr/bin/tensorflow_model_server'],
    args: ['--model_name={{.Name}}', `--port=${GRPC_PORT}`, `--rest_api_port=${SERVER_PORT}`, '--model_base_path=/mnt/models', '--rest_api_timeout_in_ms=60000'],
    securityContext: AS_USER,
  },
});

const TORCHSERVE: ServingRuntime = clusterRuntime({
  name: 'kserve-torchserve',
  serverType: 'torchserve',
  metricsPort: 8082,
  supportedModelFormats: [{ name: 'pytorch', version: '1', autoSelect: true, priority: 2 }],
  protocolVersions: ['v1', 'v2', 'grpc-v2'],
  server: {
    image: 'pytorch/torchserve-kfs:0.9.0',
    args: ['torchserve', '--start', '--model-store=/mnt/models/model-store', '--ts-config=/mnt/models/config/config.properties'],
    env: [{ name: 'TS_SERVICE_ENVELOPE', value: '{{.Labels.serviceEnvelope}}' }],
    securityContext: AS_USER,
  },
});

/** Also the server of ONNX models with a GPU or over gRPC, and of all of them in KServe. */
const TRITON: ServingRuntime = clusterRuntime({
  name: 'kserve-tritonserver',
  serverType: 'tritonserver',
  metricsPort: 8002,
  supportedModelFormats: [
    { name: 'tensorrt', version: '8', autoSelect: true, priority: 1 },
    { name: 'tensorflow', version: '1', autoSelect: true, priority: 1 },
    { name: 'tensorflow', version: '2', autoSelect: true, priority: 1 },
    { name: 'onnx', version: '1', autoSelect: true, priority: 1 },
    { name: 'pytorch', version: '1' },
    { name: 'triton', version: '2', autoSelect: true, priority: 1 },
  ],
  protocolVersions: ['v2', 'grpc-v2'],
  server: {
    image: 'nvcr.io/nvidia/tritonserver:23.05-py3',
    args: ['tritonserver', '--model-store=/mnt/models', `--grpc-port=${GRPC_PORT}`, `--http-port=${SERVER_PORT}`, '--allow-grpc=true', '--allow-http=true'],
    securityContext: AS_USER,
  },
});

/** Servers of neural networks, from their makers' images. */
export const DEEP_LEARNING_RUNTIMES: readonly ServingRuntime[] = [TENSORFLOW, TORCHSERVE, TRITON];
