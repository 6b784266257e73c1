import type { ObjectFault } from '../faults';
import type { Random } from '../random';
import { annotate, docsOf, mapIn, rename, type Doc } from '../sites';
import { misspelt } from './fields';

function ours(docs: readonly Doc[]): readonly Doc[] {
  return docs.filter((d) => String(d['apiVersion']).startsWith('serving.'));
}

function inOurs(docs: readonly Doc[], random: Random, change: (doc: Doc) => string | undefined): string | undefined {
  const doc = random.pick(ours(docs));
  return doc && change(doc);
}

/** Faults outside of the spec. */
export const metadataFaults: Readonly<Record<string, ObjectFault>> = {
  'misspelt kind': (docs, random) => inOurs(docs, random, (doc) => {
    doc['kind'] = misspelt(String(doc['kind']), random);
    return `kind is ${doc['kind']}`;
  }),
  'wrong version': (docs, random) => inOurs(docs, random, (doc) => {
    doc['apiVersion'] = random.pick(['serving.kserve.io/v1', 'serving.kserve.io/v1alpha2', 'serving.kserve.org/v1beta1', 'serving.kubeflow.org/v1beta1', 'serving.kserv.io/v1beta1']) ?? '';
    return `apiVersion is ${doc['apiVersion']}`;
  }),
  'name that is none': (docs, random) => inOurs(docs, random, (doc) => {
    const name = random.pick(['Iris', 'iris_model', '-iris', 'iris-', 'iris model', 'x'.repeat(80), '']) ?? '';
    mapIn(doc['metadata'])['name'] = name;
    return `name is "${name}"`;
  }),
  'name that is empty': (docs, random) => inOurs(docs, random, (doc) => {
    mapIn(doc['metadata'])['name'] = '';
    return 'name is empty';
  }),
  'namespace that is none': (docs, random) => inOurs(docs, random, (doc) => {
    mapIn(doc['metadata'])['namespace'] = random.pick(['Models', 'team/models', 'team_a']) ?? '';
    return `namespace is ${String(mapIn(doc['metadata'])['namespace'])}`;
  }),
  'annotation without quotes': (docs, random) => inOurs(docs, random, (doc) => {
    annotate(doc, random.pick(['serving.kserve.io/stop', 'serving.kserve.io/enable-prometheus-scraping', 'example.com/owner-id']) ?? '', random.pick([true, 5, false]) ?? true);
    return 'an annotation is no text';
  }),
  'misspelt annotation': (docs, random) => {
    const doc = random.pick(docsOf(docs, 'InferenceService'));
    if (!doc) return undefined;
    const key = random.pick(['serving.kserve.io/deploymentMode', 'serving.kserve.io/autoscalerClass', 'serving.kserve.io/enable-prometheus-scraping', 'autoscaling.knative.dev/min-scale']) ?? '';
    const [prefix = '', name = ''] = key.split('/');
    const wrong = `${prefix}/${misspelt(name, random)}`;
    annotate(doc, wrong, 'true');
    return `annotation ${wrong}`;
  },
  'label that is none': (docs, random) => inOurs(docs, random, (doc) => {
    mapIn(doc['metadata'])['labels'] = { team: random.pick(['growth team', 'a/b', '-x-', 'x'.repeat(70)]) ?? '' };
    return `label is ${JSON.stringify(mapIn(doc['metadata'])['labels'])}`;
  }),
  'misspelt metadata': (docs, random) => {
    const doc = random.pick(ours(docs));
    const fields = Object.keys(mapIn(doc?.['metadata'])).filter((k) => k !== 'name');
    const key = random.pick(fields);
    if (!doc || key === undefined) return undefined;
    const wrong = misspelt(key, random);
    rename({ doc, path: [], parent: mapIn(doc['metadata']), key, value: null }, wrong);
    return `metadata.${key} is ${wrong}`;
  },
  'the same object twice': (docs, random) => inOurs(docs, random, (doc) => {
    docs.push(structuredClone(doc));
    return `${String(doc['kind'])} stands twice`;
  }),
  'spec that is missing': (docs, random) => inOurs(docs, random, (doc) => {
    delete doc['spec'];
    return 'spec is gone';
  }),
};
