import type { ObjectFault } from '../faults';
import { fieldsCalled, mapIn, type Doc, type Json, type Site } from '../sites';

/** Limits that name an accelerator. */
function gpuLimits(docs: readonly Doc[]): readonly { readonly limits: Doc; readonly name: string; readonly site: Site }[] {
  return fieldsCalled(docs, 'limits').flatMap((site) => Object.keys(mapIn(site.value)).filter((k) => k.startsWith('nvidia.com/')).map((name) => ({ limits: mapIn(site.value), name, site })));
}

function inLimits(change: (limits: Doc, name: string, resources: Doc) => string | undefined, which: RegExp = /./): ObjectFault {
  return (docs, random) => {
    const found = random.pick(gpuLimits(docs).filter((g) => which.test(g.name)));
    return found && change(found.limits, found.name, found.site.parent as Doc);
  };
}

function renamed(limits: Doc, from: string, to: string): string {
  limits[to] = limits[from] ?? 1;
  delete limits[from];
  return `${from} is ${to}`;
}

function withArg(replace: (args: readonly string[]) => readonly string[]): ObjectFault {
  return (docs, random) => {
    const site = random.pick(fieldsCalled(docs, 'args').filter((s) => JSON.stringify(s.value).includes('--tensor-parallel-size')));
    if (!site) return undefined;
    const args = replace((site.value as Json[]).map(String));
    (site.parent as Doc)['args'] = [...args];
    return `args are ${args.join(' ')}`;
  };
}

function inServer(change: (container: Doc, predictor: Doc) => string): ObjectFault {
  return (docs, random) => {
    const site = random.pick(gpuLimits(docs));
    if (!site) return undefined;
    // limits stand in resources, and those in the server.
    const server = site.site.path.slice(0, -2).reduce<Json>((part, step) => (part as Doc)[step as string] ?? null, site.site.doc);
    return change(mapIn(server), mapIn(mapIn(site.site.doc['spec'])['predictor']));
  };
}

/** Faults that only who knows accelerators sees. */
export const gpuFaults: Readonly<Record<string, ObjectFault>> = {
  'part of a GPU': inLimits((limits, name, resources) => {
    limits[name] = '500m';
    resources['requests'] = { ...mapIn(resources['requests']), [name]: '500m' };
    return `${name} is 500m`;
  }),
  'GPU request without limit': inLimits((limits, name, resources) => {
    delete limits[name];
    resources['requests'] = { ...mapIn(resources['requests']), [name]: 1 };
    return `${name} has no limit`;
  }),
  'GPU request that differs': inLimits((_limits, name, resources) => {
    resources['requests'] = { ...mapIn(resources['requests']), [name]: 7 };
    return `the request of ${name} differs`;
  }),
  'GPU name': inLimits((limits, name) => {
    const requests = name;
    return renamed(limits, requests, name.replace('nvidia.com/', 'nvidia.com/g-').replace('g-gpu', 'gpus'));
  }, /gpu$/),
  // A slice of another card is wrong only where the nodes say which card they have.
  'MIG profile': (docs, random) => (fieldsCalled(docs, 'nodeSelector').length > 0 ? inLimits((limits, name) => renamed(limits, name, 'nvidia.com/mig-3g.20gb'), /mig/)(docs, random) : undefined),
  'MIG spelling': inLimits((limits, name) => renamed(limits, name, 'nvidia.com/mig-2g20gb'), /mig/),
  'several MIG slices': inLimits((limits, name) => {
    limits[name] = 3;
    return '3 slices';
  }, /mig/),
  'tensor parallelism': withArg((args) => args.map((a) => (a.startsWith('--tensor-parallel-size') ? '--tensor-parallel-size=4' : a))),
  'model that does not fit': withArg((args) => args.map((a) => (a.startsWith('--model=') ? '--model=meta-llama/Llama-3.3-70B-Instruct' : a))),
  'no context length': withArg((args) => args.filter((a) => !a.startsWith('--max-model-len'))),
  'visible devices': inServer((container) => {
    container['env'] = [{ name: 'NVIDIA_VISIBLE_DEVICES', value: 'all' }];
    return 'NVIDIA_VISIBLE_DEVICES is all';
  }),
  'host of a GPU pod': inServer((_container, predictor) => {
    predictor['hostIPC'] = true;
    return 'hostIPC';
  }),
  'impatient liveness probe': inServer((container) => {
    delete container['startupProbe'];
    container['livenessProbe'] = { httpGet: { path: '/health', port: 8080 }, periodSeconds: 5, failureThreshold: 3 };
    return 'liveness after 15 s, no startup probe';
  }),
  'small host memory': inServer((container) => {
    const limits = mapIn(mapIn(container['resources'])['limits']);
    limits['memory'] = '2Gi';
    return 'memory is 2Gi';
  }),
  'GPU scaled by cpu': inServer((_container, predictor) => {
    predictor['maxReplicas'] = 3;
    predictor['scaleMetric'] = 'cpu';
    predictor['scaleTarget'] = 60;
    return 'scaleMetric is cpu';
  }),
};
