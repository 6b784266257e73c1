import { silentLog, systemClock, type BackoffOptions, type KubeApi, type Log } from 'cdk8s-kserve-controller';
import { Gateway } from '../gateway/gateway';
import { gatewayStatusReconciler, httpRouteStatusReconciler } from '../gateway/status-reconcilers';
import { Autoscaler, type AutoscalerOptions } from '../knative/autoscaler';
import { configurationReconciler } from '../knative/configuration-reconciler';
import { revisionReconciler } from '../knative/revision-reconciler';
import { routeReconciler } from '../knative/route-reconciler';
import { knativeServiceReconciler } from '../knative/service-reconciler';
import type { ImageEntry } from '../kubelet/images';
import { Kubelet } from '../kubelet/kubelet';
import type { ContainerLogLine } from '../kubelet/kubelet-context';
import { InformerSet } from '../reconciling/informer-set';
import { startReconciler, type Reconciler, type ReconcilerContext } from '../reconciling/reconciler';
import { deploymentReconciler } from '../workloads/deployment-reconciler';
import { endpointsReconciler } from '../workloads/endpoints-reconciler';
import { hpaReconciler } from '../workloads/hpa-reconciler';
import { replicaSetReconciler } from '../workloads/replica-set-reconciler';
import type { Teardown } from './teardown';

export interface MachineryOptions {
  /** Port of the gateway. @default - a free one */
  readonly port?: number;
  /** Model sources that folders of this machine stand for, e.g. `{'pvc://iris-models': '/abs/folder'}`. @default - none */
  readonly sourceMap?: Readonly<Record<string, string>>;
  /** Domain of Knative hosts. @default 'example.com', the platform config's ingressDomain */
  readonly domain?: string;
  readonly log?: Log;
  /** Receives each line that a container writes. @default - lines are only kept for `logs` and `kubectl logs` */
  readonly onLog?: (line: ContainerLogLine) => void;
  /** @default - our images and the upstream ones that they replace */
  readonly images?: readonly ImageEntry[];
  readonly autoscaler?: AutoscalerOptions;
  /** How long requests wait for a pod of a service that is scaled to zero, in milliseconds. @default 60000 */
  readonly activationTimeoutMs?: number;
  /** How long a failed container waits before it is started again. @default 200 ms doubling to 10 s */
  readonly restartBackoff?: BackoffOptions;
  /** Time for pods to end in order when the cluster stops, in milliseconds. @default 2000 */
  readonly stopGraceMs?: number;
}

/** All of a local cluster but its API server. */
export interface Machinery {
  readonly kubelet: Kubelet;
  readonly gatewayPort: number;
}

/**
 * Starts kubelet, workload controllers, Knative and gateway against an API server, which must be of this machine alone:
 * the kubelet takes every pod for its own.
 *
 * @throws IsvcError ISVC_LOCAL_PORT_IN_USE; what was started by then is in the teardown.
 */
export async function startMachinery(api: KubeApi, options: MachineryOptions, teardown: Teardown): Promise<Machinery> {
  const { log = silentLog, domain = 'example.com' } = options;
  const context: ReconcilerContext = { api, informers: new InformerSet(api, log), clock: systemClock, log };
  const { informers } = context;
  const gateway = new Gateway({
    informers, domain,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.activationTimeoutMs === undefined ? {} : { activationTimeoutMs: options.activationTimeoutMs }),
  });
  const kubelet = new Kubelet({
    api, informers, log,
    reach: (name) => gateway.doorTo(name),
    ...(options.images ? { images: options.images } : {}),
    ...(options.sourceMap ? { sourceMap: options.sourceMap } : {}),
    ...(options.restartBackoff ? { restartBackoff: options.restartBackoff } : {}),
    onLog: options.onLog,
  });
  const autoscaler = new Autoscaler(context, gateway.loads, options.autoscaler);
  // Undone last to first: what makes pods, then what keeps connections to them, since a server that drains waits for
  // those, then the pods, then what tells of them.
  teardown.add(() => informers.stop());
  teardown.add(() => kubelet.stop(options.stopGraceMs));
  teardown.add(() => gateway.stop());
  const reconcilers = reconcilersOf(context, domain).map((reconciler) => startReconciler(reconciler, context));
  teardown.add(async () => void (await Promise.all(reconcilers.map((r) => r.stop()))));
  teardown.add(() => autoscaler.stop());
  // All settle before a failure of one is told, since what is still starting could not be undone.
  const results = await Promise.allSettled([gateway.listen(), kubelet.start(), informers.start()]);
  const failed = results.find((r) => r.status === 'rejected');
  if (failed) throw failed.reason;
  autoscaler.start();
  return { kubelet, gatewayPort: gateway.port };
}

function reconcilersOf(context: ReconcilerContext, domain: string): readonly Reconciler[] {
  return [
    deploymentReconciler(context),
    replicaSetReconciler(context),
    endpointsReconciler(context),
    hpaReconciler(context),
    knativeServiceReconciler(context),
    configurationReconciler(context),
    revisionReconciler(context),
    routeReconciler(context, domain),
    httpRouteStatusReconciler(context),
    gatewayStatusReconciler(context, '127.0.0.1'),
  ];
}
