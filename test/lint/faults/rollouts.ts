import type { ObjectFault } from '../faults';
import { annotate, docsOf, fieldsCalled, mapIn, type Doc } from '../sites';

/** Services in serverless mode, as their own annotations say it. */
function serverless(docs: readonly Doc[]): readonly Doc[] {
  const platform = docsOf(docs, 'ConfigMap').some((d) => mapIn(d['metadata'])['name'] === 'inferenceservice-config');
  return platform ? [] : docsOf(docs, 'InferenceService').filter((d) => mapIn(mapIn(d['metadata'])['annotations'])['serving.kserve.io/deploymentMode'] === undefined);
}

function inService(where: (spec: Doc, doc: Doc) => boolean, change: (spec: Doc, doc: Doc) => string): ObjectFault {
  return (docs, random) => {
    const doc = random.pick(serverless(docs).filter((d) => where(mapIn(d['spec']), d)));
    return doc && change(mapIn(doc['spec']), doc);
  };
}

const withTransformer = (spec: Doc): boolean => mapIn(spec['transformer'])['containers'] !== undefined;
const withModel = (spec: Doc): boolean => mapIn(spec['predictor'])['model'] !== undefined && spec['transformer'] === undefined && spec['explainer'] === undefined;

/** Faults of versions that share the requests, and of what is left behind when nobody looks. */
export const rolloutFaults: Readonly<Record<string, ObjectFault>> = {
  'transformer left behind': inService(withTransformer, (spec) => {
    mapIn(spec['predictor'])['canaryTrafficPercent'] = 20;
    return 'the predictor alone has a canary';
  }),
  'components split apart': inService(withTransformer, (spec) => {
    for (const role of ['predictor', 'transformer']) mapIn(spec[role])['canaryTrafficPercent'] = 20;
    return 'predictor and transformer are split, each by itself';
  }),
  'canary that never starts': inService(withModel, (spec) => {
    Object.assign(mapIn(spec['predictor']), { canaryTrafficPercent: 0, minReplicas: 0 });
    return 'a canary of 0 % at 0 replicas';
  }),
  'canary that nobody measures': inService((spec, doc) => mapIn(spec['predictor'])['canaryTrafficPercent'] === undefined && withModel(spec) && mapIn(doc['metadata'])['annotations'] === undefined, (spec) => {
    Object.assign(mapIn(spec['predictor']), { canaryTrafficPercent: 10, minReplicas: 1 });
    return 'a canary without metrics';
  }),
  'concurrency of raw mode': (docs, random) => {
    const doc = random.pick(docsOf(docs, 'InferenceService').filter((d) => mapIn(mapIn(d['metadata'])['annotations'])['serving.kserve.io/deploymentMode'] === 'RawDeployment'));
    if (!doc) return undefined;
    mapIn(mapIn(doc['spec'])['predictor'])['containerConcurrency'] = 4;
    return 'containerConcurrency in raw mode';
  },
  'annotation of the other mode': (docs, random) => {
    const doc = random.pick(docsOf(docs, 'InferenceService').filter((d) => mapIn(mapIn(d['metadata'])['annotations'])['serving.kserve.io/deploymentMode'] === 'RawDeployment'));
    if (!doc) return undefined;
    annotate(doc, random.pick(['autoscaling.knative.dev/window', 'serving.knative.dev/progress-deadline']) ?? '', '60s');
    return 'an annotation of Knative in raw mode';
  },
  'stopped service': (docs, random) => {
    const doc = random.pick(docsOf(docs, 'InferenceService'));
    if (!doc) return undefined;
    annotate(doc, 'serving.kserve.io/stop', 'true');
    return 'the service is stopped';
  },
  'payloads as they are': (docs, random) => {
    const site = random.pick(fieldsCalled(docs, 'logger').filter((s) => mapIn(s.value)['marshallerUrl'] !== undefined));
    if (!site) return undefined;
    delete mapIn(site.value)['marshallerUrl'];
    return `${site.path.join('.')} has no marshallerUrl`;
  },
  'image per model': (docs) => {
    const sites = fieldsCalled(docs, 'env').filter((s) => JSON.stringify(s.value).includes('STORAGE_URI'));
    if (sites.length < 2) return undefined;
    for (const site of sites) delete (site.parent as Doc)['env'];
    return 'servers have no STORAGE_URI';
  },
  'name that is too long': inService(withModel, (_spec, doc) => {
    mapIn(doc['metadata'])['name'] = 'a-classifier-whose-name-says-nearly-everything-of-it';
    return 'a name of 52 letters';
  }),
};
