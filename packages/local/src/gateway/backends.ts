import type { Clock } from 'cdk8s-kserve-controller';
import { objectKey, type KubeObject } from 'cdk8s-kserve/api';
import type { InformerSet } from '../reconciling/informer-set';
import type { EndpointSubset, Service } from '../workloads/endpoints';
import { Backend } from './backend';

/** The backends of all Service ports that routes ask for, kept current from Endpoints. */
export class Backends {
  private readonly informers: InformerSet;
  private readonly clock: Clock;
  /** By `namespace/service`, then by Service port. */
  private readonly byService = new Map<string, Map<number, Backend>>();

  constructor(informers: InformerSet, clock: Clock) {
    this.informers = informers;
    this.clock = clock;
    const update = ({ object }: { readonly object: KubeObject }): void => this.update(objectKey(object.metadata));
    informers.onChange('Endpoints', update);
    informers.onChange('Service', update);
  }

  get(namespace: string, service: string, port: number): Backend {
    const key = objectKey({ name: service, namespace });
    const ports = this.byService.get(key) ?? new Map<number, Backend>();
    this.byService.set(key, ports);
    const known = ports.get(port);
    if (known) return known;
    const backend = new Backend(`${key}:${port}`, this.clock);
    ports.set(port, backend);
    this.update(key);
    return backend;
  }

  private update(key: string): void {
    const ports = this.byService.get(key);
    if (!ports) return;
    const service = this.informers.get('Service', key) as Service | undefined;
    const endpoints = this.informers.get('Endpoints', key);
    const subsets = service && endpoints ? ((endpoints['subsets'] ?? []) as readonly EndpointSubset[]) : [];
    for (const [port, backend] of ports) {
      const name = service?.spec.ports?.find((p) => p.port === port)?.name;
      backend.setEndpoints(subsets.flatMap((subset) => addressesOf(subset, name)));
    }
  }
}

/** A Service port and an Endpoints port belong together by name; a single port may have none. */
function addressesOf(subset: EndpointSubset, portName: string | undefined): { host: string; port: number; pod: string }[] {
  const port = subset.ports.find((p) => p.name === portName);
  if (!port) return [];
  return (subset.addresses ?? []).map((a) => ({ host: a.ip, port: port.port, pod: a.targetRef?.name ?? a.ip }));
}
