import type { ObjectFault } from '../faults';
import { annotate, docsOf, fieldsCalled, hasNoScaler, mapIn, set, type Doc, type Json } from '../sites';
import { misspelt } from './fields';

function misspelling(...names: readonly string[]): ObjectFault {
  return (docs, random) => {
    // Without any account beside it, a folder says nothing of the cluster's, and lint notes the name only.
    if (names.includes('serviceAccountName') && docsOf(docs, 'ServiceAccount').length === 0) return undefined;
    const site = random.pick(fieldsCalled(docs, ...names).filter((s) => typeof s.value === 'string'));
    if (!site) return undefined;
    const value = misspelt(String(site.value), random).toLowerCase();
    if (value === site.value) return undefined;
    set(site, value);
    return `${site.path.join('.')} is ${value}`;
  };
}

/** Names that lead to nothing, or to the same thing twice. */
export const referenceFaults: Readonly<Record<string, ObjectFault>> = {
  'runtime that is not there': misspelling('runtime'),
  'account that is not there': misspelling('serviceAccountName'),
  'secret or key that is not there': (docs, random) => {
    const site = random.pick(fieldsCalled(docs, 'secretKeyRef', 'configMapKeyRef'));
    if (!site) return undefined;
    const field = random.pick(['name', 'key']) ?? 'name';
    mapIn(site.value)[field] = misspelt(String(mapIn(site.value)[field]), random);
    return `${site.path.join('.')}.${field} is ${String(mapIn(site.value)[field])}`;
  },
  'account whose secret is gone': (docs) => {
    const account = docsOf(docs, 'ServiceAccount')[0];
    const secret = account && docsOf(docs, 'Secret')[0];
    if (!secret) return undefined;
    mapIn(secret['metadata'])['name'] = 'models-s4';
    return 'the secret has another name';
  },
  'claim that is not there': (docs) => {
    const claim = docsOf(docs, 'PersistentVolumeClaim')[0];
    if (!claim) return undefined;
    mapIn(claim['metadata'])['name'] = 'vision-data';
    return 'the claim has another name';
  },
  'claim in another namespace': (docs) => {
    const claim = docsOf(docs, 'PersistentVolumeClaim')[0];
    if (!claim) return undefined;
    mapIn(claim['metadata'])['namespace'] = 'storage';
    return 'the claim is in namespace storage';
  },
  'claim for one node': (docs) => {
    const claim = docsOf(docs, 'PersistentVolumeClaim')[0];
    if (!claim) return undefined;
    mapIn(claim['spec'])['accessModes'] = ['ReadWriteOnce'];
    return 'the claim is ReadWriteOnce';
  },
  'runtime that is disabled': (docs) => {
    const runtime = docsOf(docs, 'ServingRuntime')[0];
    if (!runtime || fieldsCalled(docs, 'runtime').length === 0) return undefined;
    mapIn(runtime['spec'])['disabled'] = true;
    return 'the runtime is disabled';
  },
  'runtime without the protocol': (docs) => {
    const runtime = docsOf(docs, 'ServingRuntime')[0];
    if (!runtime || fieldsCalled(docs, 'runtime').length === 0) return undefined;
    mapIn(runtime['spec'])['protocolVersions'] = ['v1'];
    return 'the runtime speaks v1 only';
  },
  'runtimes of one priority': (docs) => {
    const runtime = docsOf(docs, 'ServingRuntime')[0];
    if (!runtime) return undefined;
    const copy = structuredClone(runtime) as Doc;
    mapIn(copy['metadata'])['name'] = 'another-onnx';
    docs.push(copy);
    return 'two runtimes have one priority';
  },
  'second scaler': (docs, random) => {
    const raw = docsOf(docs, 'InferenceService').filter((d) => mapIn(mapIn(d['metadata'])['annotations'])['serving.kserve.io/deploymentMode'] === 'RawDeployment');
    const doc = random.pick(raw.filter((d) => mapIn(mapIn(d['spec'])['predictor'])['maxReplicas'] !== undefined && !hasNoScaler(d)));
    if (!doc) return undefined;
    const { name, namespace } = mapIn(doc['metadata']);
    const keda = random.pick([true, false]);
    docs.push({
      apiVersion: keda ? 'keda.sh/v1alpha1' : 'autoscaling/v2', kind: keda ? 'ScaledObject' : 'HorizontalPodAutoscaler', metadata: { name: 'by-queue', namespace: namespace ?? 'default' },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: `${String(name)}-predictor` } },
    });
    return 'a second object scales the predictor';
  },
  'digests that are none': (docs, random) => {
    const doc = random.pick(docsOf(docs, 'InferenceService').filter((d) => String(mapIn(mapIn(mapIn(d['spec'])['predictor'])['model'])['storageUri']).startsWith('s3://')));
    if (!doc) return undefined;
    const digits = random.pick([32, 40, 128]) ?? 32;
    annotate(doc, 'serving.cdk8s-kserve.io/model-digests', 'digests');
    docs.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'digests', namespace: mapIn(doc['metadata'])['namespace'] ?? 'default' }, data: { SHA256SUMS: `${'0'.repeat(digits)}  model.bin\n` } });
    return `digests have ${digits} digits`;
  },
  'host of another service': (docs, random) => {
    const doc = random.pick(docsOf(docs, 'InferenceService'));
    // A platform of its own names hosts in its own way, and a service of the cluster, or one that is stopped, has none.
    if (!doc || docsOf(docs, 'ConfigMap').length > 0 || /cluster-local|kserve.io\/stop"/.test(JSON.stringify(doc))) return undefined;
    const { name, namespace } = mapIn(doc['metadata']);
    const raw = mapIn(mapIn(doc['metadata'])['annotations'])['serving.kserve.io/deploymentMode'] === 'RawDeployment';
    docs.push({
      apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'shop', namespace: 'shop' },
      spec: { rules: [{ host: raw ? `${String(name)}-${String(namespace ?? 'default')}.example.com` : `${String(name)}-predictor.${String(namespace ?? 'default')}.example.com`, http: { paths: [{ path: '/', pathType: 'Prefix' }] } }] },
    });
    return 'an Ingress has the service\'s host';
  },
  'child of another owner': (docs, random) => {
    const doc = random.pick(docsOf(docs, 'InferenceService'));
    if (!doc) return undefined;
    const { name, namespace } = mapIn(doc['metadata']);
    const raw = mapIn(mapIn(doc['metadata'])['annotations'])['serving.kserve.io/deploymentMode'] === 'RawDeployment';
    docs.push({
      apiVersion: raw ? 'apps/v1' : 'serving.knative.dev/v1', kind: raw ? 'Deployment' : 'Service', metadata: { name: `${String(name)}-predictor`, namespace: namespace ?? 'default' } as Json, spec: {},
    });
    return 'the predictor\'s object stands in the folder too';
  },
};
