import { CONTAINER, didYouMean, parseQuantity, type Quantity, type ResourceRequirements } from '../../api';
import type { LintContext } from '../context';
import { rawService, service } from '../example';
import { keyPath } from '../read';
import type { Hit, Rule } from '../rule';

const SUFFIXES = ['m', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const MEBIBYTE = 1024 ** 2;
/** More cores than any node has; whoever writes it means thousandths. */
const TOO_MANY_CORES = 512;

interface Amount {
  readonly hit: Omit<Hit, 'message' | 'hint' | 'severity'>;
  readonly name: string;
  readonly given: Quantity;
}

function* resourcesOf({ pods }: LintContext): Generator<{ readonly on: Hit['on']; readonly path: string; readonly resources: ResourceRequirements }> {
  for (const pod of pods) {
    for (const { container, path } of pod.containers) if (container.resources) yield { on: pod.on, path: `${path}.resources`, resources: container.resources };
    if (pod.fields.resources) yield { on: pod.on, path: `${pod.path}.resources`, resources: pod.fields.resources };
  }
}

function* amounts(context: LintContext): Generator<Amount> {
  for (const { on, path, resources } of resourcesOf(context)) {
    for (const side of ['limits', 'requests'] as const) {
      for (const [name, given] of Object.entries(resources[side] ?? {})) yield { hit: { on, path: keyPath(`${path}.${side}`, name) }, name, given };
    }
  }
}

function* badQuantities(context: LintContext): Generator<Hit> {
  for (const { hit, given } of amounts(context)) {
    const amount = parseQuantity(given);
    if (amount === undefined) yield { ...hit, message: `must be a quantity such as 500m, 2 or 4Gi, got ${JSON.stringify(given)}`, hint: repaired(given) };
    else if (amount < 0) yield { ...hit, message: `must be >= 0, got ${JSON.stringify(given)}` };
  }
}

/** `4GB`, `4 Gi` and `4gi` all mean 4Gi. */
function repaired(given: Quantity): string | undefined {
  const [, digits, unit = ''] = /^\s*([\d.]+)\s*([A-Za-z]+)\s*$/.exec(String(given)) ?? [];
  if (digits === undefined) return undefined;
  const letters = unit.replace(/b(ytes?)?$/i, '');
  const meant = SUFFIXES.find((s) => s === letters) ?? SUFFIXES.find((s) => s.toLowerCase() === letters.toLowerCase());
  return meant ? `did you mean "${digits}${meant}"` : didYouMean(letters, SUFFIXES);
}

/** What the pod will have: a limit that the service does not set comes from its runtime, and may be below its request. */
function* mergedResources({ services }: LintContext): ReturnType<typeof resourcesOf> {
  for (const { components } of services) {
    for (const { pod } of components) {
      for (const { container, path } of pod.containers) {
        const merged = pod.merged?.containers.find((c) => c.name === CONTAINER.server)?.resources;
        const { requests, limits } = container.resources ?? {};
        if (!merged || pod.containers.length !== 1) continue;
        // Only what neither side alone would show.
        const inherited = Object.entries(merged.limits ?? {}).filter(([name]) => limits?.[name] === undefined && requests?.[name] !== undefined);
        yield { on: pod.on, path: `${path}.resources`, resources: { requests: merged.requests ?? {}, limits: Object.fromEntries(inherited) } };
        const asked = Object.entries(merged.requests ?? {}).filter(([name]) => requests?.[name] === undefined && limits?.[name] !== undefined);
        yield { on: pod.on, path: `${path}.resources`, resources: { requests: Object.fromEntries(asked), limits: merged.limits ?? {} } };
      }
    }
  }
}

function* requestsAboveLimits(context: LintContext): Generator<Hit> {
  for (const { on, path, resources } of [...resourcesOf(context), ...mergedResources(context)]) {
    for (const [name, request] of Object.entries(resources.requests ?? {})) {
      const limit = resources.limits?.[name];
      // Extended resources must be equal, which is another rule.
      if (limit === undefined || name.includes('/')) continue;
      const [asked, allowed] = [parseQuantity(request), parseQuantity(limit)];
      if (asked !== undefined && allowed !== undefined && asked > allowed) {
        yield { on, path: `${path}.requests.${name}`, message: `must not be above the limit ${limit}, got ${request}`, hint: 'raise the limit or lower the request; what the service does not say its runtime does' };
      }
    }
  }
}

function* oddAmounts(context: LintContext): Generator<Hit> {
  for (const { hit, name, given } of amounts(context)) {
    const amount = parseQuantity(given);
    if (amount === undefined || amount <= 0) continue;
    if (name === 'memory' && amount < MEBIBYTE) yield { ...hit, message: `is ${amount} bytes: ${JSON.stringify(given)}`, hint: `did you mean "${String(given).replace(/m$/, '')}Mi"` };
    if (name === 'cpu' && amount >= TOO_MANY_CORES) yield { ...hit, message: `is ${amount} cores: ${JSON.stringify(given)}`, hint: `did you mean "${given}m"` };
  }
}

function sized(resources: string): string {
  return service(`
    predictor:
      model:
        modelFormat: { name: sklearn }
        storageUri: s3://models/iris
        resources: ${resources}
  `);
}

/** Amounts of resources that are written by hand. */
export const QUANTITY_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_QUANTITY', severity: 'error', title: 'Quantities are quantities',
    why: 'The API server refuses the pod template: "quantities must match the regular expression". Units are m, k, M, G, Ki, Mi, Gi and so on, without a B.',
    bad: sized('{ limits: { memory: 4GB } }'), good: sized('{ limits: { memory: 4Gi } }'), check: badQuantities,
  },
  {
    code: 'ISVC_LINT_REQUEST_ABOVE_LIMIT', severity: 'error', title: 'Requests are within limits',
    why: 'The API server refuses the pod template: "must be less than or equal to cpu limit".',
    bad: sized('{ requests: { memory: 4Gi }, limits: { memory: 2Gi } }'), good: sized('{ requests: { memory: 2Gi }, limits: { memory: 4Gi } }'), check: requestsAboveLimits,
  },
  {
    code: 'ISVC_LINT_ODD_AMOUNT', severity: 'warning', title: 'Amounts are in a plausible unit',
    why: 'Memory without a unit is bytes and cpu without one is cores: "512" of memory is killed at once, "1000" of cpu fits no node.',
    bad: rawService(`
      predictor:
        model:
          modelFormat: { name: sklearn }
          storageUri: s3://models/iris
          resources: { requests: { memory: "512" } }
    `),
    good: rawService(`
      predictor:
        model:
          modelFormat: { name: sklearn }
          storageUri: s3://models/iris
          resources: { requests: { memory: 512Mi } }
    `),
    check: oddAmounts,
  },
];
