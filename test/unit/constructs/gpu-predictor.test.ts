import { JsonPatch } from 'cdk8s';
import { Gpu, GpuNodes, GpuPredictor, GpuScale, KedaMetric, Platform, Scale, type GpuPredictorProps } from '../../../src';
import { newChart, ofKind, synth } from './support';

const base: GpuPredictorProps = { modelFormat: 'triton', storageUri: 's3://m/v5', gpu: Gpu.nvidia() };

function predictorOf(props: Partial<GpuPredictorProps>, prometheus?: string): Readonly<Record<string, unknown>> {
  const chart = newChart();
  if (prometheus) Platform.of(chart, { keda: { prometheus } });
  new GpuPredictor(chart, 'classifier', { ...base, ...props });
  return (ofKind(synth(chart), 'InferenceService')[0]?.['spec'] as { predictor: Readonly<Record<string, unknown>> }).predictor;
}

describe('GpuPredictor', () => {
  it('has what a GPU server needs', () => {
    expect(predictorOf({ gpu: Gpu.nvidia({ count: 2, memory: '24Gi' }) })).toMatchObject({
      minReplicas: 1, maxReplicas: 1,
      tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'nvidia.com/gpu.memory', operator: 'Gt', values: ['22118'] }] }] } } },
      volumes: [{ name: 'devshm', emptyDir: { medium: 'Memory', sizeLimit: '8192Mi' } }],
      deploymentStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      enableServiceLinks: false,
      model: {
        resources: { limits: { 'nvidia.com/gpu': 2, memory: '24Gi' }, requests: { cpu: 6, memory: '24Gi' } },
        startupProbe: { httpGet: { path: '/v2/health/ready' }, periodSeconds: 10, failureThreshold: 180 },
        volumeMounts: [{ name: 'devshm', mountPath: '/dev/shm' }],
      },
    });
  });

  it.each<[Gpu, string]>([
    [Gpu.nvidia(), 'nvidia.com/gpu'], [Gpu.nvidia({ mig: '1g.10gb' }), 'nvidia.com/mig-1g.10gb'], [Gpu.nvidia({ mig: '1g.10gb+me' }), 'nvidia.com/mig-1g.10gb.me'],
    [Gpu.nvidia({ timeSliced: true }), 'nvidia.com/gpu.shared'], [Gpu.nvidia({ mig: '1g.10gb', timeSliced: true }), 'nvidia.com/mig-1g.10gb.shared'],
    [Gpu.nvidia({ timeSliced: 'same-name' }), 'nvidia.com/gpu'], [Gpu.amd(), 'amd.com/gpu'], [Gpu.intel({ driver: 'xe' }), 'gpu.intel.com/xe'], [Gpu.resource('habana.ai/gaudi'), 'habana.ai/gaudi'],
  ])('%# asks for %2$s by its valid name', (gpu, name) => {
    expect(predictorOf({ gpu })).toMatchObject({ model: { resources: { limits: { [name]: 1 } } } });
  });

  it('tolerates the taint of the whole card for a slice of it', () => {
    expect(predictorOf({ gpu: Gpu.nvidia({ mig: '1g.10gb' }) })).toMatchObject({ tolerations: [{ key: 'nvidia.com/gpu' }] });
  });

  it('gives a large model more time and memory', () => {
    expect(predictorOf({ modelSize: '140Gi', gpu: Gpu.nvidia({ count: 4, memory: '80Gi' }) })).toMatchObject({ model: { resources: { limits: { memory: '86Gi' } }, startupProbe: { failureThreshold: 271 } } });
  });

  it('surges by as many replicas as there are spare GPUs for', () => {
    expect(predictorOf({ gpu: Gpu.nvidia({ count: 2 }), spareGpus: 5 })).toMatchObject({ deploymentStrategy: { rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } } });
  });

  it('follows the queue where the platform has Prometheus', () => {
    expect(predictorOf({ maxReplicas: 4 }, 'http://prometheus:9090')).toMatchObject({
      annotations: { 'serving.kserve.io/autoscalerClass': 'keda' },
      autoScaling: { metrics: [{ external: { metric: { query: 'sum(nv_inference_pending_request_count{namespace="team", pod=~"classifier-predictor-.*"})' }, target: { value: '5' } } }] },
    });
    expect(JSON.stringify(predictorOf({ maxReplicas: 4, scale: GpuScale.busy() }, 'http://prometheus:9090'))).toContain('exported_pod');
  });

  it('scales to zero when that is asked for by name and something else can wake it', () => {
    const wake = Scale.keda(KedaMetric.prometheus({ serverAddress: 'http://p:9090', query: 'sum(gateway_requests)', perReplica: 1 }));
    expect(predictorOf({ minReplicas: 0, maxReplicas: 2, scaleToZero: true, scale: wake })).toMatchObject({ minReplicas: 0 });
  });

  it.each<[GpuNodes, object]>([
    [GpuNodes.gke('nvidia-l4', { spot: true }), { nodeSelector: { 'cloud.google.com/gke-accelerator': 'nvidia-l4', 'cloud.google.com/gke-spot': 'true' } }],
    [GpuNodes.karpenter({ gpuName: 'l4' }), { nodeSelector: { 'karpenter.k8s.aws/instance-gpu-name': 'l4' } }],
    [GpuNodes.aks(), { tolerations: [{ key: 'nvidia.com/gpu' }, { key: 'sku', value: 'gpu' }] }],
  ])('chooses nodes %#', (nodes, fields) => expect(predictorOf({ nodes })).toMatchObject(fields));

  it('lets pass-through fields, overrides and patches reach the GPU', () => {
    expect(predictorOf({ resources: { limits: { cpu: 9 } }, pod: { runtimeClassName: 'nvidia' } })).toMatchObject({ runtimeClassName: 'nvidia', model: { resources: { limits: { cpu: 9, 'nvidia.com/gpu': 1 } } } });
    expect(predictorOf({ overrides: { predictor: { model: { resources: { limits: { 'nvidia.com/gpu': 3 } } } } } })).toMatchObject({ model: { resources: { limits: { 'nvidia.com/gpu': 3 } } } });
    const chart = newChart();
    new GpuPredictor(chart, 'c', base).apiObjects[0]?.addJsonPatch(JsonPatch.replace('/spec/predictor/model/resources/limits/nvidia.com~1gpu', 4));
    expect(JSON.stringify(synth(chart))).toContain('"nvidia.com/gpu":4');
  });

  it('expands to a Deployment that keeps all of it', () => {
    const chart = newChart();
    new GpuPredictor(chart, 'classifier', { ...base, output: 'expand' });
    expect(ofKind(synth(chart), 'Deployment')[0]?.['spec']).toMatchObject({ strategy: { rollingUpdate: { maxSurge: 0 } }, template: { spec: { containers: [{ resources: { limits: { 'nvidia.com/gpu': 1 } }, startupProbe: { failureThreshold: 180 } }] } } });
  });

  it.each<[string, () => unknown, string]>([
    ['half a GPU', () => Gpu.nvidia({ count: 0.5 }), 'cannot be divided'],
    ['two slices', () => Gpu.nvidia({ count: 2, mig: '1g.10gb' }), 'one slice only'],
    ['two shared places', () => Gpu.nvidia({ count: 2, timeSliced: true }), 'no larger share'],
    ['a profile that is misspelt', () => Gpu.nvidia({ mig: '3g.70gb' }), 'no MIG profile'],
    ['a slice that is too small', () => Gpu.nvidia({ mig: '1g.10gb', memory: '24Gi' }), 'has 10 GB'],
    ['zero replicas by accident', () => predictorOf({ minReplicas: 0 }), 'scaleToZero: true'],
    ['waking by its own metric', () => predictorOf({ minReplicas: 0, maxReplicas: 2, scaleToZero: true, scale: GpuScale.queue() }), 'cannot wake'],
    ['visible devices by hand', () => predictorOf({ env: [{ name: 'NVIDIA_VISIBLE_DEVICES', value: 'all' }] }), 'device plugin allots'],
    ['a privileged server', () => predictorOf({ securityContext: { privileged: true } }), 'sees every GPU'],
    ['the CPU image on a shared GPU', () => predictorOf({ modelFormat: 'huggingface', gpu: Gpu.nvidia({ timeSliced: true }) }), 'CPU image'],
    ['a model that does not fit', () => predictorOf({ modelSize: '30Gi', gpu: Gpu.nvidia({ memory: '24Gi' }) }), 'does not fit'],
    ['two numbers of GPUs', () => predictorOf({ resources: { limits: { 'nvidia.com/gpu': 2 } } }), 'leave it out of resources'],
    ['shared memory above the limit', () => predictorOf({ sharedMemory: '9Gi', resources: { limits: { memory: '8Gi' } } }), 'leaves nothing'],
    ['GPU metrics without Prometheus', () => predictorOf({ maxReplicas: 2, scale: GpuScale.queue() }), 'the platform names none'],
    ['memory where no label tells it', () => predictorOf({ gpu: Gpu.nvidia({ memory: '24Gi' }), nodes: GpuNodes.gke('nvidia-l4') }), 'no label'],
  ])('refuses %s', (_what, make, text) => expect(make).toThrow(text));
});
