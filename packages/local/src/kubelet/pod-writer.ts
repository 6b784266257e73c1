import { backoffDelay, isConflict, isNotFound, KubeApiError, type Clock, type KubeApi, type Log } from 'cdk8s-kserve-controller';
import { refOf } from 'cdk8s-kserve/api';
import type { InformerSet } from '../reconciling/informer-set';
import type { Pod, PodStatus } from './pod';
import { PORTS_ANNOTATION, portsAnnotation, type PortMap } from './ports';

const FIELD_MANAGER = 'isvc-kubelet';

/** `patch` sets spec.nodeName along with the ports; only a `Binding` may do that on an API server that is not ours. */
export type BindBy = 'patch' | 'Binding';

export interface PodWriterOptions {
  readonly api: KubeApi;
  readonly informers: InformerSet;
  readonly pod: Pod;
  readonly bindBy: BindBy;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Tells the API server about one pod: first where it runs, then its status. One request at a time, and only the
 * latest status: a burst of changes costs two writes.
 */
export class PodWriter {
  private readonly options: PodWriterOptions;
  private binding: { readonly node: string; readonly ports: PortMap } | undefined;
  private pending: PodStatus | undefined;
  private writing = false;
  private gone = false;

  constructor(options: PodWriterOptions) {
    this.options = options;
  }

  /** Records the node, and the ports of this machine that stand for the pod's; Endpoints cannot be built without. */
  bind(node: string, ports: PortMap): void {
    this.binding = { node, ports };
    void this.flush();
  }

  writeStatus(status: PodStatus): void {
    this.pending = status;
    void this.flush();
  }

  private async flush(): Promise<void> {
    if (this.writing) return;
    this.writing = true;
    // Changes made in the same turn go out together.
    await Promise.resolve();
    for (let failures = 0; !this.gone && (this.binding || this.pending); ) {
      const { binding, pending } = this;
      try {
        if (binding) await this.writeBinding(binding.node, binding.ports);
        else if (pending) await this.writeNow(pending);
        if (this.binding === binding) this.binding = undefined;
        if (!binding && this.pending === pending) this.pending = undefined;
        failures = 0;
      } catch (error) {
        await this.settle(error, ++failures);
      }
    }
    this.writing = false;
  }

  private async writeBinding(node: string, ports: PortMap): Promise<void> {
    const { api, informers, pod, bindBy } = this.options;
    const annotations = { [PORTS_ANNOTATION]: portsAnnotation(ports) };
    if (bindBy === 'Binding' && !pod.spec.nodeName) {
      // The server copies the annotations to the pod; the watch brings them back.
      const { name, namespace = 'default', uid } = pod.metadata;
      await api.create({ apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace, annotations, ...(uid ? { uid } : {}) }, target: { apiVersion: 'v1', kind: 'Node', name: node } });
      return;
    }
    const patch = { metadata: { annotations }, ...(pod.spec.nodeName ? {} : { spec: { nodeName: node } }) };
    informers.observe('Pod', await api.mergePatch(refOf(pod), patch));
  }

  private async writeNow(status: PodStatus): Promise<void> {
    const { api, informers, pod } = this.options;
    const { name, namespace, uid } = pod.metadata;
    // The uid makes the server refuse a pod that was made anew under the same name.
    const metadata = { name, ...(namespace ? { namespace } : {}), ...(uid ? { uid } : {}) };
    const written = await api.applyStatus({ apiVersion: 'v1', kind: 'Pod', metadata, status }, { fieldManager: FIELD_MANAGER, force: true });
    informers.observe('Pod', written);
  }

  private async settle(error: unknown, failures: number): Promise<void> {
    const { clock, log, pod } = this.options;
    // Deleted, or deleted and made anew under the same name: not our pod any more.
    this.gone = isNotFound(error) || isConflict(error) || (error instanceof KubeApiError && error.statusCode < 500 && failures > 3);
    if (this.gone) {
      if (!isNotFound(error)) log.debug('pod status not written', { pod: pod.metadata.name, error: String(error) });
      return;
    }
    const delay = backoffDelay(failures, { baseMs: 50, maxMs: 5000 });
    if (failures > 5) log.warn('pod status not written, will retry', { pod: pod.metadata.name, error: String(error) });
    await new Promise<void>((resolve) => clock.after(delay, resolve));
  }
}
