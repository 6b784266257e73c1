import type { ObjectFault } from '../faults';
import { docsOf, fieldsCalled, mapIn, rename, set, type Doc, type Json, type Site } from '../sites';
import { misspelt } from './fields';

/** Containers that users write, sidecars and transformers included. */
function containers(docs: readonly Doc[]): readonly Doc[] {
  return fieldsCalled(docs, 'containers').flatMap((s) => (Array.isArray(s.value) ? s.value.map(mapIn) : []));
}

function inContainer(change: (container: Doc, pick: <T>(items: readonly T[]) => T | undefined) => string): ObjectFault {
  return (docs, random) => {
    const container = random.pick(containers(docs));
    return container && change(container, (items) => random.pick(items));
  };
}

function lists(docs: readonly Doc[], name: string): readonly Site[] {
  return fieldsCalled(docs, name).filter((s) => Array.isArray(s.value) && s.value.length > 0);
}

/** Faults inside of pods. */
export const podFaults: Readonly<Record<string, ObjectFault>> = {
  'container name': inContainer((container, pick) => {
    container['name'] = pick(['Kserve_Container', 'server!', 'a b']) ?? '';
    return `container is ${container['name']}`;
  }),
  'container twice': (docs, random) => {
    const site = random.pick(lists(docs, 'containers'));
    if (!site) return undefined;
    (site.value as Json[]).push(structuredClone((site.value as Json[])[0] ?? {}));
    return `${site.path.join('.')} repeats a container`;
  },
  'port name': inContainer((container, pick) => {
    container['ports'] = [{ name: pick(['HTTP', 'a-name-that-is-too-long', '8080', 'http_1']) ?? '', containerPort: 8080 }];
    return 'a port has a name that is none';
  }),
  'mount without a volume': inContainer((container) => {
    container['volumeMounts'] = [{ name: 'cahce', mountPath: '/cache' }];
    return 'a mount has no volume';
  }),
  'probe with two handlers': inContainer((container, pick) => {
    container[pick(['readinessProbe', 'livenessProbe', 'startupProbe']) ?? ''] = { httpGet: { path: '/ready', port: 8080 }, tcpSocket: { port: 8080 } };
    return 'a probe asks twice';
  }),
  'variable twice': inContainer((container) => {
    container['env'] = [{ name: 'MODE', value: 'a' }, { name: 'MODE', value: 'b' }];
    return 'env MODE stands twice';
  }),
  'variable that is a number': inContainer((container, pick) => {
    container['env'] = [{ name: 'WORKERS', value: pick([4, true, 0.5]) ?? 4 }];
    return 'env WORKERS is no text';
  }),
  'volume source': (docs, random) => {
    const site = random.pick(fieldsCalled(docs, 'emptyDir'));
    if (!site) return undefined;
    const wrong = misspelt('emptyDir', random);
    rename(site, wrong);
    return `${site.path.join('.')} is ${wrong}`;
  },
  'rollout that cannot move': (docs, random) => {
    const raw = docsOf(docs, 'InferenceService').filter((d) => mapIn(mapIn(d['metadata'])['annotations'])['serving.kserve.io/deploymentMode'] === 'RawDeployment');
    const doc = random.pick(raw);
    if (!doc) return undefined;
    mapIn(mapIn(doc['spec'])['predictor'])['deploymentStrategy'] = random.pick<Json>([{ type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } }, { type: 'Rolling' }, { type: 'recreate' }]) ?? {};
    return 'deploymentStrategy replaces nothing';
  },
  'runtime without a server': (docs, random) => {
    const doc = random.pick([...docsOf(docs, 'ServingRuntime'), ...docsOf(docs, 'ClusterServingRuntime')]);
    const site = doc && random.pick(lists([doc], 'containers'));
    if (!site) return undefined;
    set({ parent: (site.value as Json[])[0] as Doc, key: 'name' }, 'server');
    return 'the runtime\'s container is called server';
  },
  'placeholder': (docs, random) => {
    const doc = random.pick(docsOf(docs, 'ServingRuntime'));
    const container = doc && mapIn((mapIn(doc['spec'])['containers'] as Json[])[0]);
    if (!container) return undefined;
    container['args'] = [random.pick(['--name={{.Nmae}}', '--name={{.Name', '--name={{ .Model }}']) ?? ''];
    return `args are ${JSON.stringify(container['args'])}`;
  },
};
