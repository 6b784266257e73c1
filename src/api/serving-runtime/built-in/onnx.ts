import { ANNOTATION, SERVER_PORT } from '../../keys';
import { RUNTIME_IMAGE_ONNX } from '../image';
import type { ServingRuntime } from '../types';
import { SERVER_ARGS, clusterRuntime } from './cluster-runtime';

/** Our own server with ONNX Runtime beside it. Repositories of several models have names of their own, so readiness is the server's. */
const SERVER = {
  image: RUNTIME_IMAGE_ONNX,
  args: SERVER_ARGS,
  readinessProbe: { httpGet: { path: '/v2/health/ready', port: SERVER_PORT }, periodSeconds: 5, failureThreshold: 3 },
} as const;
const PROTOCOLS = ['v1', 'v2'] as const;

/** KServe differs: it has no server of its own for ONNX and takes Triton. A model that asks for a GPU still goes there. */
const ONNX: ServingRuntime = onCpu(clusterRuntime({
  name: 'kserve-onnxserver',
  serverType: 'onnxserver',
  supportedModelFormats: [{ name: 'onnx', version: '1', autoSelect: true, priority: 2 }],
  protocolVersions: PROTOCOLS,
  server: SERVER,
}));

/** KServe differs: it takes MLServer, which is still there by name, e.g. for models that are Python code alone. */
const MLFLOW: ServingRuntime = onCpu(clusterRuntime({
  name: 'kserve-mlflowserver',
  serverType: 'mlflowserver',
  supportedModelFormats: ['1', '2'].map((version) => ({ name: 'mlflow', version, autoSelect: true, priority: 2 })),
  protocolVersions: PROTOCOLS,
  server: SERVER,
}));

function onCpu(runtime: ServingRuntime): ServingRuntime {
  return { ...runtime, metadata: { ...runtime.metadata, annotations: { ...runtime.metadata.annotations, [ANNOTATION.cpuOnly]: 'true' } } };
}

/** Servers that need ONNX Runtime, which is in a variant of our image: it is twice as large. */
export const ONNX_RUNTIMES: readonly ServingRuntime[] = [ONNX, MLFLOW];
