import { App, Chart } from 'cdk8s';
import { Gpu, GpuNodes, GpuPredictor, GpuScale, Platform } from 'cdk8s-kserve';

const app = new App();
const chart = new Chart(app, 'gpu', { namespace: 'gpu' });
Platform.of(chart, {
  mode: 'RawDeployment', domain: 'models.example.com', gateway: 'traefik/traefik-gateway',
  keda: { prometheus: 'http://prometheus.monitoring:9090' },
});

// A whole card of 24 GB; scaled on the requests that wait in Triton, because the platform has KEDA and Prometheus.
new GpuPredictor(chart, 'classifier', {
  modelFormat: 'triton', storageUri: 'pvc://gpu-models/classifier/v5', gpu: Gpu.nvidia({ count: 1, memory: '24Gi' }),
  nodes: GpuNodes.discovered(), maxReplicas: 4,
});

// A seventh of an H100: MIG slices have memory of their own.
new GpuPredictor(chart, 'embedder', {
  modelFormat: 'triton', storageUri: 'pvc://gpu-models/embedder/v2', gpu: Gpu.nvidia({ mig: '1g.10gb' }),
  scale: GpuScale.queue({ perReplica: 20 }), minReplicas: 2, maxReplicas: 7,
});

// A place on a card that several pods share: cheap, and without isolation of memory or faults.
new GpuPredictor(chart, 'experiment', {
  modelFormat: 'triton', storageUri: 'pvc://gpu-models/experiment', gpu: Gpu.nvidia({ timeSliced: true }), minReplicas: 1,
});

app.synth();
