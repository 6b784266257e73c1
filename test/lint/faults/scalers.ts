import type { ObjectFault } from '../faults';
import { docsOf, fieldsCalled, mapIn, set, type Doc } from '../sites';

/** Services with metrics for KEDA. */
function followers(docs: readonly Doc[]): readonly Doc[] {
  return docsOf(docs, 'InferenceService').filter((d) => JSON.stringify(d).includes('"backend":"prometheus"'));
}

function inPredictor(change: (predictor: Doc) => string): ObjectFault {
  return (docs, random) => {
    const doc = random.pick(followers(docs));
    return doc && change(mapIn(mapIn(doc['spec'])['predictor']));
  };
}

function withQuery(query: string): ObjectFault {
  return (docs, random) => {
    const site = random.pick(fieldsCalled(followers(docs), 'query'));
    if (!site) return undefined;
    set(site, query);
    return `${site.path.join('.')} is ${query}`;
  };
}

function inScaledObject(change: (spec: Doc, metadata: Doc) => string): ObjectFault {
  return (docs) => {
    const spec = mapIn(docsOf(docs, 'ScaledObject')[0]?.['spec']);
    const [trigger] = Array.isArray(spec['triggers']) ? spec['triggers'] : [];
    return trigger === undefined ? undefined : change(spec, mapIn(mapIn(trigger)['metadata']));
  };
}

/** Faults of what scales a model server. */
export const scalerFaults: Readonly<Record<string, ObjectFault>> = {
  'scaler that never wakes': inPredictor((predictor) => {
    predictor['minReplicas'] = 0;
    for (const site of fieldsCalled([{ apiVersion: 'serving.', spec: predictor }], 'query')) set(site, 'sum(vllm:num_requests_waiting)');
    return 'no replicas, and a metric of the pods';
  }),
  'counter without a rate': withQuery('sum(nv_inference_queue_duration_us)'),
  'average of the replicas': withQuery('avg(request_queue_length)'),
  'scaler without room': inPredictor((predictor) => {
    delete predictor['maxReplicas'];
    predictor['minReplicas'] = 2;
    return 'metrics without maxReplicas';
  }),
  'ScaledObject without a maximum': inScaledObject((spec) => {
    delete spec['maxReplicaCount'];
    return 'maxReplicaCount is gone';
  }),
  'nothing read as no load': inScaledObject((_spec, metadata) => {
    delete metadata['ignoreNullValues'];
    return 'ignoreNullValues is gone';
  }),
};
