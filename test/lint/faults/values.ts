import type { ObjectFault } from '../faults';
import { annotate, docsOf, fieldsCalled, hasNoScaler, mapIn, set, type Doc, type Json } from '../sites';
import { misspelt } from './fields';

/** Replaces the value of one of some fields. */
function replacing(names: readonly string[], wrong: (value: Json, parent: Doc) => readonly Json[]): ObjectFault {
  return (docs, random) => {
    const site = random.pick(fieldsCalled(docs, ...names));
    const value = site && random.pick(wrong(site.value, site.parent as Doc));
    if (!site || value === undefined) return undefined;
    set(site, value);
    return `${site.path.join('.')} is ${JSON.stringify(value)}`;
  };
}

/** Values outside what their fields take. */
export const valueFaults: Readonly<Record<string, ObjectFault>> = {
  'number out of range': (docs, random) => {
    const wrong: Readonly<Record<string, readonly Json[]>> = {
      minReplicas: [-1, 100, 1.5], maxReplicas: [-1, 0.5], scaleTarget: [0, -5, 150000.5], timeout: [0, -1], containerConcurrency: [-1], canaryTrafficPercent: [101, -1, 150], trafficPercent: [101, -1, 33.3],
      containerPort: [0, 70000], weight: [-10, 101, 30],
    };
    const site = random.pick(fieldsCalled(docs, ...Object.keys(wrong)).filter((s) => s.key !== 'minReplicas' || (s.parent as Doc)['maxReplicas'] !== undefined));
    const value = site && random.pick(wrong[String(site.key)] ?? []);
    if (!site || value === undefined) return undefined;
    set(site, value);
    return `${site.path.join('.')} is ${JSON.stringify(value)}`;
  },
  'word that is not allowed': (docs, random) => {
    const site = random.pick(fieldsCalled(docs, 'protocolVersion', 'scaleMetric', 'routerType', 'mode', 'protocol', 'operator', 'effect', 'data'));
    if (!site || typeof site.value !== 'string') return undefined;
    const value = misspelt(site.value, random);
    set(site, value);
    return `${site.path.join('.')} is ${value}`;
  },
  'quantity that is none': (docs, random) => {
    const sites = fieldsCalled(docs, 'memory', 'cpu').filter((s) => s.path.includes('resources'));
    const site = random.pick(sites);
    const value = random.pick(['4GB', '2 Gi', 'two', '1.5.2', '512mb', '1,5', '10gi', '-1Gi', '0x10']);
    if (!site || value === undefined) return undefined;
    set(site, value);
    return `${site.path.join('.')} is ${value}`;
  },
  'request above limit': (docs, random) => {
    const site = random.pick(fieldsCalled(docs, 'resources').filter((s) => mapIn(mapIn(s.value)['limits'])['memory'] !== undefined));
    if (!site) return undefined;
    mapIn(site.value)['requests'] = { ...mapIn(mapIn(site.value)['requests']), memory: '900Gi' };
    return `${site.path.join('.')}.requests.memory is 900Gi`;
  },
  'memory in cores, cores in memory': (docs, random) => {
    const site = random.pick(fieldsCalled(docs, 'memory', 'cpu').filter((s) => s.path.includes('resources')));
    if (!site) return undefined;
    const value = site.key === 'memory' ? '512' : '2000';
    set(site, value);
    return `${site.path.join('.')} is ${value}`;
  },
  'format that no runtime has': replacing(['modelFormat'], (value) => [{ ...mapIn(value), name: `${String(mapIn(value)['name'])}2` }, { ...mapIn(value), version: '99' }]),
  'address that nothing fetches': replacing(['storageUri'], (value) => [
    String(value).replace('://', ':/'), String(value).replace(/^\w+:/, 'ftps:'), String(value).replace(/^\w+/, (s) => `${s}s`), 'models/iris', String(value).replace(/^\w+:\/\//, '//'),
  ]),
  'deployment mode': (docs, random) => {
    const doc = random.pick(docsOf(docs, 'InferenceService'));
    if (!doc) return undefined;
    const value = random.pick(['Raw', 'serverless', 'RawDeploment', 'Knatve', 'Standart']) ?? '';
    annotate(doc, 'serving.kserve.io/deploymentMode', value);
    return `deploymentMode is ${value}`;
  },
  'scaling by what the mode has not': (docs, random) => {
    const doc = random.pick(docsOf(docs, 'InferenceService').filter((d) => !hasNoScaler(d)));
    if (!doc) return undefined;
    const predictor = mapIn(mapIn(doc['spec'])['predictor']);
    const raw = mapIn(mapIn(doc['metadata'])['annotations'])['serving.kserve.io/deploymentMode'] === 'RawDeployment';
    predictor['scaleMetric'] = raw ? 'concurrency' : 'memory';
    return `scaleMetric is ${String(predictor['scaleMetric'])}`;
  },
  'canary name': (docs, random) => {
    const site = random.pick(fieldsCalled(docs, 'predictor').filter((s) => s.path[1] === 'canary'));
    if (!site) return undefined;
    const others = fieldsCalled(docs, 'predictor').filter((s) => s.path[1] === 'canary' && s.value !== site.value).flatMap((s) => (typeof mapIn(s.value)['name'] === 'string' ? [String(mapIn(s.value)['name'])] : []));
    const inList = site.path.length > 3;
    const value = random.pick([...others, 'V7', 'new_version', ...(inList ? [null] : [])]);
    if (value === undefined) return undefined;
    mapIn(site.value)['name'] = value;
    if (value === null) delete mapIn(site.value)['name'];
    return `${site.path.join('.')}.name is ${value}`;
  },
  'variable that is refused': (docs, random) => {
    const site = random.pick(fieldsCalled(docs, 'model', 'lightgbm').filter((s) => s.path[1] === 'predictor'));
    if (!site) return undefined;
    mapIn(site.value)['env'] = [{ name: random.pick(['PYTHONPATH', 'LD_PRELOAD']) ?? '', value: '/opt/hook' }];
    return `${site.path.join('.')}.env sets a loader's variable`;
  },
};
