import type { ObjectFault } from '../faults';
import { annotate, docsOf, fieldsCalled, mapIn, remove, set, type Doc, type Json, type Site } from '../sites';

/** A server of a model, a container or a model's spec, with its service. */
interface Server {
  readonly service: Doc;
  readonly predictor: Doc;
  readonly server: Doc;
  readonly limits: Doc;
}

function gpuServers(docs: readonly Doc[]): readonly Server[] {
  return docsOf(docs, 'InferenceService').flatMap((service) => {
    const predictor = mapIn(mapIn(service['spec'])['predictor']);
    const [container] = Array.isArray(predictor['containers']) ? predictor['containers'] : [];
    const server = mapIn(predictor['model'] ?? container);
    const limits = mapIn(mapIn(server['resources'])['limits']);
    return Object.keys(limits).some((k) => k.startsWith('nvidia.com/')) && predictor['workerSpec'] === undefined ? [{ service, predictor, server, limits }] : [];
  });
}

const argsOf = ({ server }: Server): readonly string[] => (Array.isArray(server['args']) ? server['args'].map(String) : []);
const formatOf = ({ server }: Server): string => String(mapIn(server['modelFormat'])['name'] ?? '');
const isVllm = ({ server }: Server): boolean => String(server['image']).includes('vllm');
const isRaw = ({ service }: Server): boolean => mapIn(mapIn(service['metadata'])['annotations'])['serving.kserve.io/deploymentMode'] === 'RawDeployment';
const asksFor = (name: string) => ({ limits }: Server): boolean => limits[name] !== undefined;

function inServer(where: (server: Server) => boolean, change: (server: Server) => string): ObjectFault {
  return (docs, random) => {
    const found = random.pick(gpuServers(docs).filter(where));
    return found && change(found);
  };
}

/** Gives flags other values; an undefined one goes. */
function withArgs(where: (server: Server) => boolean, values: Readonly<Record<string, string | undefined>>): ObjectFault {
  return inServer(where, (found) => {
    const kept = argsOf(found).filter((a) => !Object.keys(values).some((name) => a.startsWith(name)));
    found.server['args'] = [...kept, ...Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))];
    return `args are ${JSON.stringify(found.server['args'])}`;
  });
}

function onto(site: Site | undefined, change: (site: Site) => string): string | undefined {
  return site && change(site);
}

/** Faults of GPU servers: what they are told, what they are given, where they run. */
export const gpuServerFaults: Readonly<Record<string, ObjectFault>> = {
  'no GPU at all': inServer(isVllm, ({ limits }) => {
    for (const name of Object.keys(limits).filter((k) => k.startsWith('nvidia.com/'))) delete limits[name];
    return 'an image for GPUs without one';
  }),
  'GPU for an init container': inServer(isRaw, ({ predictor }) => {
    predictor['initContainers'] = [{ name: 'warm-up', image: 'registry.example.com/warm-up:1.0', resources: { limits: { 'nvidia.com/gpu': 1 } } }];
    return 'an init container asks for a GPU';
  }),
  'two accesses to a shared GPU': inServer(asksFor('nvidia.com/gpu.shared'), ({ limits }) => {
    limits['nvidia.com/gpu.shared'] = 2;
    return 'two accesses';
  }),
  'shared GPU for one alone': withArgs((s) => asksFor('nvidia.com/gpu.shared')(s) && argsOf(s).some((a) => a.startsWith('--gpu-memory-utilization')), { '--gpu-memory-utilization': undefined }),
  'number format of a newer card': withArgs((s) => argsOf(s).includes('--dtype=half'), { '--dtype': 'bfloat16' }),
  'GPUs that do not divide the heads': inServer((s) => argsOf(s).some((a) => a.includes('Qwen2.5-7B')), (found) => {
    found.limits['nvidia.com/gpu'] = 8;
    found.server['args'] = argsOf(found).map((a) => (a.startsWith('--tensor-parallel-size') ? '--tensor-parallel-size=8' : a));
    return 'eight GPUs for 28 heads';
  }),
  'no shared memory': inServer((s) => argsOf(s).some((a) => /--tensor-parallel-size=[2-9]/.test(a)), ({ server, predictor }) => {
    delete server['volumeMounts'];
    delete predictor['volumes'];
    return 'nothing at /dev/shm';
  }),
  'start-up probe for a small model': inServer((s) => isVllm(s) && asksFor('nvidia.com/gpu')(s), ({ server }) => {
    server['startupProbe'] = { httpGet: { path: '/health', port: 8080 }, periodSeconds: 5, failureThreshold: 6 };
    return '30 s to start';
  }),
  'grace that ends too early': inServer(isRaw, ({ server, predictor }) => {
    server['lifecycle'] = { preStop: { sleep: { seconds: 60 } } };
    predictor['terminationGracePeriodSeconds'] = 45;
    return '45 s for 60';
  }),
  'image that moves': inServer(({ server }) => server['image'] !== undefined, ({ server }) => {
    server['image'] = String(server['image']).replace(/:[^:/]+$/, ':latest');
    return `image is ${server['image']}`;
  }),
  'service links': inServer(isVllm, ({ predictor }) => {
    predictor['enableServiceLinks'] = true;
    return 'enableServiceLinks';
  }),
  'image for the CPU': inServer((s) => formatOf(s) === 'huggingface', ({ limits }) => {
    delete limits['nvidia.com/gpu'];
    limits['amd.com/gpu'] = 1;
    return 'amd.com/gpu';
  }),
  'no toleration': inServer((s) => JSON.stringify(s.predictor['tolerations'] ?? '').includes('"nvidia.com/gpu"'), ({ predictor }) => {
    delete predictor['tolerations'];
    return 'tolerations are gone';
  }),
  'MIG on GKE': inServer((s) => JSON.stringify(s.predictor).includes('gke-accelerator'), ({ limits }) => {
    delete limits['nvidia.com/gpu'];
    limits['nvidia.com/mig-1g.10gb'] = 1;
    return 'a slice by its own name on GKE';
  }),
  'no replicas of a GPU service': inServer((s) => !isRaw(s) && s.predictor['minReplicas'] !== undefined, ({ predictor }) => {
    predictor['minReplicas'] = 0;
    return 'minReplicas is 0';
  }),
  'label of a node that is not there yet': inServer((s) => JSON.stringify(s.predictor['nodeSelector'] ?? '').includes('gpu.product'), ({ predictor }) => {
    predictor['nodeSelector'] = { 'nvidia.com/gpu.product': 'NVIDIA-L4' };
    predictor['minReplicas'] = 0;
    return 'the product alone selects, from zero';
  }),
  'Triton that loads nothing': withArgs((s) => argsOf(s).includes('--load-model=*'), { '--load-model': undefined }),
  'repository below its top': inServer((s) => formatOf(s) === 'triton', ({ server }) => {
    server['storageUri'] = `${String(server['storageUri'])}/densenet/1/model.onnx`;
    return `storageUri is ${server['storageUri']}`;
  }),
  'claim that no pod has': (docs, random) => onto(random.pick(fieldsCalled(docs, 'claims')), (site) => {
    set(site, [{ name: 'gpus' }] as Json);
    return 'claims name another';
  }),
  'claims of nobody': (docs, random) => onto(random.pick(fieldsCalled(docs, 'resourceClaims')), (site) => {
    remove(site);
    return 'resourceClaims are gone';
  }),
  'quota that is not counted': (docs) => {
    const quota = docsOf(docs, 'ResourceQuota')[0];
    if (!quota) return undefined;
    mapIn(quota['spec'])['hard'] = { 'limits.nvidia.com/gpu': '8' };
    return 'a quota of limits';
  },
  'accelerator of an annotation': inServer((s) => isRaw(s) && asksFor('nvidia.com/gpu.shared')(s), ({ service }) => {
    annotate(service, 'serving.kserve.io/gke-accelerator', 'nvidia-l4');
    return 'gke-accelerator beside another resource';
  }),
};
