import type { ObjectFault } from '../faults';
import { docsOf, mapIn, type Doc } from '../sites';
import { misspelt } from './fields';

function inTrainedModel(change: (spec: Doc) => string): ObjectFault {
  return (docs, random) => {
    const doc = random.pick(docsOf(docs, 'TrainedModel'));
    return doc && change(mapIn(doc['spec']));
  };
}

/** Faults of models that share a server, of graphs' steps and of the platform's configuration. */
export const modelFaults: Readonly<Record<string, ObjectFault>> = {
  'parent that is not there': (docs, random) => inTrainedModel((spec) => {
    const name = String(spec['inferenceService']);
    const wrong = misspelt(name, random).toLowerCase();
    spec['inferenceService'] = wrong === name ? `${name}s` : wrong;
    return `inferenceService is ${spec['inferenceService']}`;
  })(docs, random),
  'model larger than its server': inTrainedModel((spec) => {
    mapIn(spec['model'])['memory'] = '1Gi';
    return 'memory is 1Gi';
  }),
  'weight that does nothing': (docs, random) => {
    const nodes = docsOf(docs, 'InferenceGraph').flatMap((d) => Object.values(mapIn(mapIn(d['spec'])['nodes'])).map(mapIn)).filter((n) => n['routerType'] === 'Sequence');
    const steps = random.pick(nodes)?.['steps'];
    if (!Array.isArray(steps)) return undefined;
    mapIn(steps[0])['weight'] = 50;
    return 'a step of a Sequence has a weight';
  },
  'configuration that is no JSON': (docs) => {
    const config = docsOf(docs, 'ConfigMap').find((d) => mapIn(d['metadata'])['name'] === 'inferenceservice-config');
    if (!config) return undefined;
    const data = mapIn(config['data']);
    const [key] = Object.keys(data);
    if (key === undefined) return undefined;
    data[key] = String(data[key]).replace(/[}\]]\s*$/, '');
    return `data.${key} is cut`;
  },
  'version of another server': (docs, random) => {
    const formats = ['onnx', 'mlflow', 'sklearn', 'xgboost', 'lightgbm', 'pmml'];
    const models = docs.map((d) => mapIn(mapIn(mapIn(d['spec'])['predictor'])['model'])).filter((m) => m['runtime'] === undefined && m['resources'] === undefined && m['protocolVersion'] !== 'grpc-v2' && formats.includes(String(mapIn(m['modelFormat'])['name'])));
    const model = random.pick(models);
    const version = random.pick(['23.05-py3', 'v0.15.0', '1.3.2']);
    if (!model || version === undefined) return undefined;
    model['runtimeVersion'] = version;
    return `runtimeVersion is ${version}`;
  },
  'too few GPUs for the nodes': (docs) => {
    const predictors = docs.map((d) => mapIn(mapIn(d['spec'])['predictor'])).filter((p) => mapIn(p['workerSpec'])['containers'] !== undefined);
    const limits = mapIn(mapIn(mapIn(predictors[0]?.['model'])['resources'])['limits']);
    if (Number(limits['nvidia.com/gpu']) < 2 || limits['nvidia.com/gpu'] === undefined) return undefined;
    limits['nvidia.com/gpu'] = 1;
    return 'the head has one GPU';
  },
};
