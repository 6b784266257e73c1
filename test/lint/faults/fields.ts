import type { ObjectFault } from '../faults';
import type { Random } from '../random';
import { fieldsCalled, mapIn, namedFields, remove, rename, set, type Doc, type Json } from '../sites';

/** A name with a slip of the fingers in it. */
export function misspelt(name: string, random: Random): string {
  const at = 1 + random.below(Math.max(1, name.length - 2));
  const forms = [
    name.slice(0, at) + name.slice(at + 1),
    name.slice(0, at) + name.charAt(at) + name.slice(at),
    name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2),
    name.charAt(0).toUpperCase() + name.slice(1),
    `${name}s`,
  ];
  return random.pick(forms.filter((f) => f !== name && f !== '')) ?? `${name}x`;
}

const WRONG: readonly ((value: Json) => Json)[] = [
  (value) => (typeof value === 'number' ? `${value}` : typeof value === 'string' ? { value } : 7),
  (value) => (Array.isArray(value) ? (value[0] ?? {}) : [value]),
  (value) => (typeof value === 'boolean' ? 'yes' : true),
];

/** Ours alone are looked at for types; what a pod passes through may have any. */
const OPEN = new Set(['emptyDir', 'preStop', 'valueFrom', 'rollingUpdate', 'deploymentStrategy', 'behavior', 'lifecycle']);

/** Faults in the structure of a spec. */
export const fieldFaults: Readonly<Record<string, ObjectFault>> = {
  'misspelt field': (docs, random) => {
    const site = random.pick(namedFields(docs).filter((s) => String(s.key).length > 2 && !s.path.some((p) => OPEN.has(String(p)))));
    if (!site) return undefined;
    const name = misspelt(String(site.key), random);
    rename(site, name);
    return `${site.path.join('.')} is ${name}`;
  },
  'value of another type': (docs, random) => {
    const site = random.pick(namedFields(docs).filter((s) => !s.path.slice(0, -1).some((p) => OPEN.has(String(p)))));
    if (!site) return undefined;
    const wrong = random.pick(WRONG)?.(site.value) ?? null;
    if (typeof wrong === typeof site.value && Array.isArray(wrong) === Array.isArray(site.value)) return undefined;
    // Ports, quantities and counts of a rollout are integers or texts.
    if (['port', 'averageValue', 'value'].includes(String(site.key)) && ['string', 'number'].includes(typeof wrong)) return undefined;
    set(site, wrong);
    return `${site.path.join('.')} is ${JSON.stringify(wrong)}`;
  },
  'field that is missing': (docs, random) => {
    const site = random.pick([...fieldsCalled(docs, 'modelFormat', 'predictor', 'routerType', 'trafficPercent', 'nodes', 'weight')].filter((s) => s.path[1] !== 'canary' || s.key !== 'modelFormat'));
    if (!site) return undefined;
    remove(site);
    return `${site.path.join('.')} is gone`;
  },
  'field one level too high': (docs, random) => {
    const site = random.pick(fieldsCalled(docs, 'storageUri', 'protocolVersion', 'modelFormat', 'runtime'));
    const owner = site && parentOf(docs, site.parent as Doc);
    if (!site || !owner) return undefined;
    remove(site);
    owner[String(site.key)] = site.value;
    return `${site.path.join('.')} stands one level higher`;
  },
  'field one level too low': (docs, random) => {
    const site = random.pick(fieldsCalled(docs, 'minReplicas', 'maxReplicas', 'scaleTarget', 'timeout').filter((s) => (s.parent as Doc)['model'] !== undefined));
    if (!site) return undefined;
    remove(site);
    mapIn((site.parent as Doc)['model'])[String(site.key)] = site.value;
    return `${site.path.join('.')} stands in model`;
  },
  'two implementations': (docs, random) => {
    const site = random.pick(fieldsCalled(docs, 'model', 'lightgbm').filter((s) => s.path[1] === 'predictor'));
    if (!site) return undefined;
    (site.parent as Doc)['sklearn'] = { storageUri: 's3://models/other' };
    return 'spec.predictor has sklearn too';
  },
};

function parentOf(docs: readonly Doc[], child: Doc): Doc | undefined {
  const search = (value: Json): Doc | undefined => {
    if (typeof value !== 'object' || value === null) return undefined;
    if (!Array.isArray(value) && Object.values(value).includes(child)) return value;
    for (const inner of Object.values(value)) {
      const found = search(inner as Json);
      if (found) return found;
    }
    return undefined;
  };
  return search(docs as unknown as Json);
}
