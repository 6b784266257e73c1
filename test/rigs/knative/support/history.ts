import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import type { KubeApi } from 'cdk8s-kserve-controller';
import { condition, irisRef } from '../../../e2e/controller/support/iris';
import { repeat } from '../../support/repeat';

/** What a revision and its service looked like for a while. */
export interface Moment {
  /** Pods that are asked for, and those that are ready. */
  readonly wanted: number;
  readonly ready: number;
  /** Whom requests meet first: `Proxy` is the activator, `Serve` the pods. */
  readonly mode: string;
  /** Conditions of the InferenceService, with their reasons. */
  readonly isReady: string;
  readonly servable: string;
}

export interface History {
  readonly moments: readonly Moment[];
  /** A line for each moment and each note, with the seconds since the history began. */
  readonly text: string;
  note(text: string): void;
  stop(): Promise<void>;
}

/** Writes down every change of a revision of the service `iris`, until it is stopped. */
export function keepHistory(api: KubeApi, namespace: string, revision: string): History {
  const began = Date.now();
  const moments: Moment[] = [];
  const lines: string[] = [];
  const write = (text: string): void => void lines.push(`${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s  ${text}`);
  const deploymentRef: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: `${revision}-deployment`, namespace };
  const modeRef: ObjectRef = { apiVersion: 'networking.internal.knative.dev/v1alpha1', kind: 'ServerlessService', name: revision, namespace };
  const loop = repeat(async () => {
    const [deployment, mode, service] = await Promise.all([deploymentRef, modeRef, irisRef(namespace)].map((ref) => api.get(ref)));
    if (!deployment || !mode || !service) return;
    const moment = {
      wanted: numberOf(deployment, 'spec', 'replicas'), ready: numberOf(deployment, 'status', 'readyReplicas'),
      mode: (mode['spec'] as { mode: string }).mode, isReady: shortly(condition(service, 'Ready')), servable: shortly(condition(service, 'Servable')),
    };
    if (shown(moment) === shown(moments.at(-1))) return;
    moments.push(moment);
    write(shown(moment));
  }, 100);
  return {
    moments,
    get text() {
      return lines.join('\n');
    },
    note: write,
    stop: () => loop.stop(),
  };
}

function shown(moment: Moment | undefined): string {
  return moment ? `${moment.wanted} wanted, ${moment.ready} ready, ${moment.mode}; Ready ${moment.isReady}, Servable ${moment.servable}` : '';
}

/** Status and reason of a condition. */
function shortly(condition = 'unknown'): string {
  return condition.split(' ', 2).join(' ');
}

function numberOf(object: KubeObject, part: 'spec' | 'status', field: string): number {
  return (object[part] as Readonly<Record<string, number>> | undefined)?.[field] ?? 0;
}
