import { CONTAINER, SERVER_PORT } from '../../keys';
import type { Container, Probe, ResourceRequirements } from '../../k8s/pod';
import type { ServingRuntime } from '../types';
import { KSERVE_TAG, UNPRIVILEGED, clusterRuntime } from './cluster-runtime';

const RAY_PORT = 6379;
const IMAGE = `kserve/huggingfaceserver:${KSERVE_TAG}-gpu`;
const HEALTH_CHECK = 'python ./huggingfaceserver/health_check.py';
const SHARED_MEMORY = { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '3Gi' } };
const SHARED_MEMORY_MOUNT = { name: 'shm', mountPath: '/dev/shm' };
const LARGE: ResourceRequirements = { limits: { cpu: '4', memory: '12Gi' }, requests: { cpu: '2', memory: '6Gi' } };
const NAMESPACE_ENV = { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } };
/** Host of the Ray head as the workers know it; the shell puts the variables in. */
const HEAD_HOST = '${HEAD_SVC}.${POD_NAMESPACE}.svc.cluster.local';

/** Starts the Ray head, waits for the workers, then serves. Arguments of the container follow as `$0` and `$@`. */
const HEAD_SCRIPT = `
model="\${MODEL_DIR:-\${MODEL_ID:-}}"
export RAY_ADDRESS="\${POD_IP}:${RAY_PORT}"
ray start --head --port=${RAY_PORT} --disable-usage-stats --include-dashboard=false
${HEALTH_CHECK} registered_nodes --retries 200 --probe_name runtime_start
exec python -m huggingfaceserver \${model:+--model_dir="$model"} --tensor-parallel-size="\${TENSOR_PARALLEL_SIZE}" --pipeline-parallel-size="\${PIPELINE_PARALLEL_SIZE}" "$0" "$@"
`.trim();

/** Waits for the Ray head, which may still be loading its image, then joins it for as long as it lives. */
const WORKER_SCRIPT = `
head="${HEAD_HOST}:${RAY_PORT}"
until ray health-check --address "$head" > /dev/null 2>&1; do
  echo "waiting for the Ray head at $head"
  sleep 5
done
exec ray start --address="$head" --block
`.trim();

/** Half an hour to load, after which two missed answers are a failure. */
const STARTUP = { initialDelaySeconds: 60, timeoutSeconds: 30, periodSeconds: 30, successThreshold: 1, failureThreshold: 40 } as const;
const RUNNING = { timeoutSeconds: 15, periodSeconds: 5, successThreshold: 1, failureThreshold: 2 } as const;

function probe(script: string, timing: Probe): Probe {
  return { exec: { command: ['bash', '-c', script] }, ...timing };
}

const URL = `--health_check_url http://localhost:${SERVER_PORT}`;
const WORKER: Container = {
  name: CONTAINER.worker,
  image: IMAGE,
  command: ['bash', '-c', WORKER_SCRIPT],
  env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }, NAMESPACE_ENV],
  securityContext: UNPRIVILEGED,
  resources: LARGE,
  volumeMounts: [SHARED_MEMORY_MOUNT],
  livenessProbe: probe(`RAY_ADDRESS=${HEAD_HOST}:${RAY_PORT} ${HEALTH_CHECK} registered_nodes --probe_name worker_liveness`, RUNNING),
  startupProbe: probe(
    `RAY_ADDRESS=${HEAD_HOST}:${RAY_PORT} ${HEALTH_CHECK} registered_node_and_runtime_models --runtime_url http://${HEAD_HOST}:${SERVER_PORT}/v1/models --probe_name worker_startup`,
    STARTUP,
  ),
};

/** KServe's Hugging Face server over several nodes of a Ray cluster; chosen for services with a workerSpec. */
export const MULTI_NODE_RUNTIME: ServingRuntime = clusterRuntime({
  name: 'kserve-huggingfaceserver-multinode',
  serverType: 'huggingfaceserver',
  supportedModelFormats: [{ name: 'huggingface', version: '1', autoSelect: true, priority: 2 }],
  protocolVersions: ['v2', 'v1'],
  volumes: [SHARED_MEMORY],
  server: {
    image: IMAGE,
    command: ['bash', '-c', HEAD_SCRIPT],
    args: ['--model_name={{.Name}}'],
    env: [
      { name: 'RAY_PORT', value: String(RAY_PORT) },
      NAMESPACE_ENV,
      { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'VLLM_CONFIG_ROOT', value: '/tmp' },
      { name: 'HF_HUB_CACHE', value: '/tmp' },
    ],
    securityContext: UNPRIVILEGED,
    resources: LARGE,
    volumeMounts: [SHARED_MEMORY_MOUNT],
    livenessProbe: probe(`${HEALTH_CHECK} registered_node_and_runtime_health ${URL} --probe_name head_liveness`, RUNNING),
    readinessProbe: probe(`${HEALTH_CHECK} runtime_health ${URL} --probe_name head_readiness`, RUNNING),
    startupProbe: probe(`${HEALTH_CHECK} registered_node_and_runtime_health ${URL} --probe_name head_startup`, STARTUP),
  },
  workerSpec: { pipelineParallelSize: 1, tensorParallelSize: 1, containers: [WORKER], volumes: [SHARED_MEMORY] },
});
