import { SERVER_PORT } from '../../keys';
import type { ServingRuntime } from '../types';
import { KSERVE_TAG, UNPRIVILEGED, clusterRuntime } from './cluster-runtime';

/** Processes of one model share tensors through memory; a container has 64 MiB of it unless told otherwise. */
const SHARED_MEMORY = { name: 'devshm', emptyDir: { medium: 'Memory' } };
const SHARED_MEMORY_MOUNT = { name: 'devshm', mountPath: '/dev/shm' };

const HUGGING_FACE: ServingRuntime = clusterRuntime({
  name: 'kserve-huggingfaceserver',
  serverType: 'huggingfaceserver',
  supportedModelFormats: [{ name: 'huggingface', version: '1', autoSelect: true, priority: 1 }],
  protocolVersions: ['v2', 'v1'],
  hostIPC: false,
  volumes: [SHARED_MEMORY],
  server: {
    image: `kserve/huggingfaceserver:${KSERVE_TAG}`,
    args: ['--model_name={{.Name}}'],
    env: [{ name: 'LMCACHE_USE_EXPERIMENTAL', value: 'True' }],
    volumeMounts: [SHARED_MEMORY_MOUNT],
  },
});

/** A large model takes minutes to load: half an hour before the first answer is no failure. */
const VLLM: ServingRuntime = clusterRuntime({
  name: 'kserve-vllmserver',
  serverType: 'vllmserver',
  supportedModelFormats: [{ name: 'vLLM', version: '1', autoSelect: true, priority: 1 }],
  hostIPC: false,
  volumes: [SHARED_MEMORY],
  server: {
    image: 'vllm/vllm-openai:latest',
    command: ['python', '-m', 'vllm.entrypoints.openai.api_server'],
    args: [`--port=${SERVER_PORT}`, '--served-model-name={{.Name}}', '--model=/mnt/models'],
    env: [
      { name: 'LMCACHE_USE_EXPERIMENTAL', value: 'True' },
      { name: 'HF_HOME', value: '/tmp' },
      { name: 'VLLM_CONFIG_ROOT', value: '/tmp' },
      { name: 'VLLM_WORKER_MULTIPROC_METHOD', value: 'spawn' },
    ],
    readinessProbe: { httpGet: { path: '/v1/models', port: SERVER_PORT }, timeoutSeconds: 5, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
    startupProbe: { httpGet: { path: '/v1/models', port: SERVER_PORT }, initialDelaySeconds: 30, timeoutSeconds: 10, periodSeconds: 30, successThreshold: 1, failureThreshold: 60 },
    securityContext: UNPRIVILEGED,
    volumeMounts: [SHARED_MEMORY_MOUNT],
  },
});

/** Servers of language models on one node. */
export const LANGUAGE_MODEL_RUNTIMES: readonly ServingRuntime[] = [HUGGING_FACE, VLLM];
