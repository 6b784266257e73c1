import { ANNOTATION } from '../../api';
import type { LintContext } from '../context';
import type { LintObject } from '../lint-object';
import { documents, object, rawService, service } from '../example';
import { numberAt, textAt } from '../read';
import type { Hit, Rule } from '../rule';

interface ScalerOf {
  readonly on: LintObject;
  readonly what: string;
  readonly target: string;
  readonly path: string;
}

/** Everything that would change the replicas of a workload: what services render, and what stands beside them. */
function scalers({ services, objects }: LintContext): readonly ScalerOf[] {
  const written = objects.filter((o) => o.usable && isScaler(o.object)).map((on): ScalerOf => ({ on, what: `${on.object.kind} "${on.object.metadata.name}"`, target: targetOf(on.object, on.namespace), path: 'spec.scaleTargetRef' }));
  const rendered = services.flatMap(({ on, result }) =>
    result.children.filter(isScaler).map((child): ScalerOf => ({ on, what: `the ${child.kind} of ${on.subject}`, target: targetOf(child, on.namespace), path: 'metadata.name' })),
  );
  return [...rendered, ...written];
}

function isScaler(object: { readonly kind: string; readonly apiVersion: string }): boolean {
  return object.kind === 'HorizontalPodAutoscaler' || (object.kind === 'ScaledObject' && object.apiVersion.startsWith('keda.sh/'));
}

function targetOf(object: object, namespace: string): string {
  const kind = textAt(object, 'spec', 'scaleTargetRef', 'kind') ?? 'Deployment';
  return `${kind} ${namespace}/${textAt(object, 'spec', 'scaleTargetRef', 'name') ?? ''}`;
}

function* twoScalers(context: LintContext): Generator<Hit> {
  const first = new Map<string, ScalerOf>();
  for (const scaler of scalers(context)) {
    const earlier = first.get(scaler.target);
    if (!earlier) first.set(scaler.target, scaler);
    else yield { on: scaler.on, path: scaler.path, message: `${scaler.target} is scaled by ${earlier.what} already`, hint: `remove one, or set annotation ${ANNOTATION.autoscalerClass}: external on the service` };
  }
  for (const { on, components } of context.services) {
    for (const { annotations, extension, path } of components) {
      const scaler = annotations[ANNOTATION.autoscalerClass];
      if ((scaler === undefined || scaler === 'hpa') && (extension.autoScaling?.metrics ?? []).some((m) => m.type !== 'Resource')) {
        yield { on, path: `${path}.autoScaling.metrics`, message: `an HPA follows cpu and memory only, and the class is ${scaler ?? 'not set, which means hpa'}`, hint: `set annotation ${ANNOTATION.autoscalerClass}: keda` };
      }
    }
  }
}

/** Settings of a scaler that leave it without anything to do. */
function* idleScalers({ services, objects }: LintContext): Generator<Hit> {
  for (const { on, components, mode } of services) {
    if (mode !== 'Standard') continue;
    for (const { path, extension, annotations } of components) {
      const { minReplicas = 1, maxReplicas, scaleTarget, scaleMetric } = extension;
      if (annotations[ANNOTATION.autoscalerClass] === 'none' || annotations[ANNOTATION.autoscalerClass] === 'external') continue;
      if ((scaleTarget !== undefined || scaleMetric !== undefined) && (maxReplicas ?? 0) !== 0 && maxReplicas === minReplicas) {
        yield { on, path: `${path}.maxReplicas`, message: `equals minReplicas (${minReplicas}), so nothing is scaled`, hint: 'raise maxReplicas, or remove the scaling metric' };
      }
      if (scaleTarget !== undefined && maxReplicas === undefined) yield { on, path: `${path}.scaleTarget`, message: `has no effect: without maxReplicas the service stays at ${Math.max(minReplicas, 1)} replica(s)`, hint: 'set maxReplicas' };
      const asked = annotations[ANNOTATION.autoscalerClass] === 'keda' ? (extension.autoScaling?.metrics ?? []).length : 0;
      if (asked > 0 && (maxReplicas ?? 0) <= minReplicas) yield { on, path: `${path}.autoScaling.metrics`, message: `have no effect: ${maxReplicas ? `maxReplicas is ${maxReplicas}` : 'there is no maxReplicas'}, so the service stays at ${Math.max(minReplicas, 1)} replica(s)`, hint: 'set maxReplicas' };
    }
  }
  for (const on of objects) {
    if (on.object.kind !== 'PodDisruptionBudget') continue;
    const name = textAt(on.object, 'spec', 'selector', 'matchLabels', 'serving.kserve.io/inferenceservice');
    const target = services.find((s) => s.on.namespace === on.namespace && s.service.metadata.name === name);
    const least = numberAt(on.object, 'spec', 'minAvailable');
    const replicas = target?.service.spec.predictor.minReplicas ?? 1;
    if (target && least !== undefined && least >= replicas) {
      yield { on, path: 'spec.minAvailable', message: `must be below minReplicas (${replicas}) of ${target.on.subject}, got ${least}: no pod may ever leave and node drains hang`, hint: 'use maxUnavailable: 1' };
    }
  }
}

const SCALED = rawService(`
  predictor:
    minReplicas: 1
    maxReplicas: 4
    model:
      modelFormat: { name: sklearn }
      storageUri: s3://models/iris
`);
const SCALED_OBJECT = object('keda.sh/v1alpha1', 'ScaledObject', `
  scaleTargetRef: { name: iris-predictor }
  maxReplicaCount: 4
  triggers: []
`, { name: 'iris-by-queue' });

/** Who scales what. */
export const SCALING_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_TWO_SCALERS', severity: 'error', title: 'One scaler per workload',
    why: 'An HPA and a KEDA ScaledObject (which is an HPA too) on one Deployment set its replicas in turn, for ever. KEDA\'s webhook refuses it; plain HPAs are accepted.',
    bad: documents(SCALED, SCALED_OBJECT),
    good: documents(SCALED.replace('RawDeployment\n', 'RawDeployment\n    serving.kserve.io/autoscalerClass: external\n'), SCALED_OBJECT), check: twoScalers,
  },
  {
    code: 'ISVC_LINT_IDLE_SCALER', severity: 'warning', title: 'Scaling has room to act',
    why: 'A target without a range of replicas, or a budget that lets no pod go, looks like protection and does nothing, or blocks every node drain.',
    bad: service(`
      predictor:
        minReplicas: 2
        maxReplicas: 2
        scaleMetric: cpu
        scaleTarget: 60
        model:
          modelFormat: { name: sklearn }
          storageUri: s3://models/iris
    `, { annotations: 'serving.kserve.io/deploymentMode: RawDeployment' }),
    good: service(`
      predictor:
        minReplicas: 2
        maxReplicas: 6
        scaleMetric: cpu
        scaleTarget: 60
        model:
          modelFormat: { name: sklearn }
          storageUri: s3://models/iris
    `, { annotations: 'serving.kserve.io/deploymentMode: RawDeployment' }),
    check: idleScalers,
  },
];
