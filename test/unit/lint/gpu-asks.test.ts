import { lines, lintText } from './support';

function server(image: string, resources: string, beside = ''): string {
  return `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: assistant, namespace: models, annotations: { serving.kserve.io/deploymentMode: RawDeployment } }
spec:
  predictor:
    deploymentStrategy: { type: Recreate }
    tolerations: [{ key: nvidia.com/gpu, operator: Exists, effect: NoSchedule }]
    ${beside}
    containers:
      - name: kserve-container
        image: ${image}
        resources: ${resources}
`;
}

describe('an image for GPUs', () => {
  it.each(['vllm/vllm-openai:v0.18.0', 'registry.example.com/team/server:1.2-gpu', 'registry.example.com/server:2.4-cuda12'])('%s asks for one', (image) => {
    expect(lines(lintText(server(image, '{ limits: { memory: 16Gi } }')))).toEqual([
      `warning spec.predictor.containers[0].image: "${image}" is made for GPUs, and the container asks for none [ISVC_LINT_GPU_ZERO]`,
    ]);
    expect(lines(lintText(server(image, '{ limits: { nvidia.com/gpu: 1, memory: 16Gi } }')))).toEqual([]);
  });

  it('may get it through a claim', () => {
    expect(lines(lintText(server('vllm/vllm-openai:v0.18.0', '{ claims: [{ name: gpu }] }', 'resourceClaims: [{ name: gpu, resourceClaimTemplateName: one-gpu }]')))).toEqual([]);
  });

  it('is not one for the CPU', () => expect(lines(lintText(server('vllm/vllm-openai:v0.18.0-cpu', '{ limits: { memory: 16Gi } }')))).toEqual([]));
});

describe('a claim beside a limit', () => {
  it('is a device more', () => {
    const both = server('registry.example.com/server:1.0', '{ claims: [{ name: gpu }], limits: { nvidia.com/gpu: 1, memory: 16Gi } }', 'resourceClaims: [{ name: gpu, resourceClaimTemplateName: one-gpu }]');
    expect(lines(lintText(both))).toEqual([
      'warning spec.predictor.containers[0].resources.claims: asks for devices of a claim and for nvidia.com/gpu as well: that is more than one device [ISVC_LINT_RESOURCE_CLAIM]',
    ]);
  });
});

describe('MIG slices', () => {
  it('are not for services of several nodes', () => {
    const text = `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: assistant, namespace: models, annotations: { serving.kserve.io/deploymentMode: RawDeployment, serving.kserve.io/autoscalerClass: none } }
spec:
  predictor:
    tolerations: [{ key: nvidia.com/gpu, operator: Exists, effect: NoSchedule }]
    deploymentStrategy: { type: Recreate }
    model:
      modelFormat: { name: huggingface }
      storageUri: pvc://models/llama
      resources: { limits: { nvidia.com/mig-1g.10gb: 1, memory: 16Gi } }
    workerSpec: { pipelineParallelSize: 2 }
`;
    expect(lines(lintText(text)).filter((l) => l.includes('MIG_SEVERAL'))).toEqual([
      'error spec.predictor.model.resources.limits["nvidia.com/mig-1g.10gb"]: is a MIG slice in a service of several nodes, whose processes must speak to each other over whole GPUs [ISVC_LINT_MIG_SEVERAL]',
    ]);
  });
});

describe('a GPU beside our own server', () => {
  const onnx = (beside: string): string => `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: scores, namespace: models }
spec:
  predictor:
    minReplicas: 1
    tolerations: [{ key: nvidia.com/gpu, operator: Exists, effect: NoSchedule }]
    model:
      modelFormat: { name: onnx }
      protocolVersion: v2
      storageUri: s3://models/scores
      ${beside}
      resources: { limits: { nvidia.com/gpu: 1, memory: 8Gi } }
`;

  it('is idle', () => {
    expect(lines(lintText(onnx('runtime: kserve-onnxserver')))).toEqual([
      'error spec.predictor.model.resources.limits["nvidia.com/gpu"]: is for a server that computes on the CPU: cdk8s-kserve/runtime:0.1.0-onnx [ISVC_LINT_GPU_CPU_IMAGE]',
    ]);
  });

  it('is used where the choice is left to the platform', () => expect(lines(lintText(onnx('')))).toEqual([]));
});
