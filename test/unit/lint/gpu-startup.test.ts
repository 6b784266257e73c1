import { lines, lintText } from './support';

/** A vLLM server of a model with the lines of its probes. */
function server(probes: string, model = 'meta-llama/Llama-3.3-70B-Instruct'): string {
  return `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: assistant, namespace: models, annotations: { serving.kserve.io/deploymentMode: RawDeployment } }
spec:
  predictor:
    deploymentStrategy: { type: Recreate }
    tolerations: [{ key: nvidia.com/gpu, operator: Exists, effect: NoSchedule }]
    volumes: [{ name: shm, emptyDir: { medium: Memory, sizeLimit: 8Gi } }]
    containers:
      - name: kserve-container
        image: registry.example.com/vllm-openai:0.18.0
        args: [--model=${model}, --max-model-len=4096, --tensor-parallel-size=4]
        volumeMounts: [{ name: shm, mountPath: /dev/shm }]
        resources: { limits: { nvidia.com/gpu: 4, memory: 128Gi } }
        ${probes}
`;
}

const HTTP = 'httpGet: { path: /health, port: 8080 }';
const messages = (text: string): readonly string[] => lintText(text).map((f) => `${f.path}: ${f.message}; ${f.hint}`);

describe('ISVC_LINT_GPU_STARTUP', () => {
  it('wants a startup probe with the time that the weights take', () => {
    expect(messages(server(`startupProbe: { ${HTTP}, periodSeconds: 10, failureThreshold: 18 }`))).toEqual([
      'spec.predictor.containers[0].startupProbe: kills the server 180 s after its start; Llama-3.3-70B has 131 GiB to load, about 287 s; raise failureThreshold times periodSeconds to 300 s or more',
    ]);
    expect(lines(lintText(server(`startupProbe: { ${HTTP}, periodSeconds: 10, failureThreshold: 30 }`)))).toEqual([]);
  });

  it('counts the delay before the first probe', () => {
    expect(lines(lintText(server(`startupProbe: { ${HTTP}, initialDelaySeconds: 150, periodSeconds: 10, failureThreshold: 18 }`)))).toEqual([]);
  });

  it('takes a patient liveness probe alone for small models only', () => {
    const patient = `livenessProbe: { ${HTTP}, initialDelaySeconds: 120 }`;
    expect(messages(server(patient))).toEqual([
      'spec.predictor.containers[0].livenessProbe: kills the server 150 s after its start, and there is no startupProbe that lets a model load; Llama-3.3-70B has 131 GiB to load, about 287 s; add a startupProbe with failureThreshold times periodSeconds of 300 s or more',
    ]);
    expect(lines(lintText(server(patient, 'my-team/own-model')))).toEqual([]);
  });

  it('gives a model that it does not know two minutes', () => {
    expect(messages(server(`startupProbe: { ${HTTP} }`, 'my-team/own-model'))).toEqual([
      'spec.predictor.containers[0].startupProbe: kills the server 30 s after its start; raise failureThreshold times periodSeconds to 120 s or more',
    ]);
  });

  it('says nothing of a server without probes, which nothing kills', () => expect(lines(lintText(server('')))).toEqual([]));
});
