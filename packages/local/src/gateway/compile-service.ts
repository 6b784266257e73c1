import type { Service } from '../workloads/endpoints';
import type { Backends } from './backends';
import { compileMatch } from './compile-match';
import type { RankedRule } from './route-table';
import { WeightedChoice } from './weighted-choice';

const ANY = compileMatch({});

/** A Service under its in-cluster names, its first port as port 80 usually is: what one pod calls another by. */
export function compileService(service: Service, backends: Backends): readonly { readonly host: string; readonly rule: RankedRule }[] {
  const { name, namespace = 'default' } = service.metadata;
  const port = service.spec.ports?.[0]?.port;
  if (!service.spec.selector || port === undefined) return [];
  const targets = new WeightedChoice([{ weight: 1, value: { backend: backends.get(namespace, name, port) } }]);
  const rule: RankedRule = { rank: ANY.rank, matches: ANY.matches, targets, timeoutMs: 0 };
  return inClusterNames(name, namespace).map((host) => ({ host, rule }));
}

export function inClusterNames(name: string, namespace: string): readonly string[] {
  return [`${name}.${namespace}.svc.cluster.local`, `${name}.${namespace}.svc`, `${name}.${namespace}`];
}
