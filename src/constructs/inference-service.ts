import { Chart, type ApiObject } from 'cdk8s';
import { Construct, Node } from 'constructs';
import {
  ANNOTATION, INFERENCE_SERVICE_API, parseMode, validateInferenceService, type DeploymentMode, type InferenceService as InferenceServiceResource, type InferenceServiceSpec, type KubeObject,
} from '../api';
import { render, type Decision, type RenderResult, type World } from '../render';
import { deepMerge } from '../render/pod/merge';
import { assertNoErrors, misuse } from './check';
import { predictorSpec } from './component/predictor-props';
import { explainerSpec, transformerSpec } from './component/transformer-props';
import type { BoundCredentials } from './credentials';
import { declaredIn } from './declared';
import type { InferenceServiceProps } from './inference-service-props';
import { Platform } from './platform';
import { assertDeclared, assertTargetCan, type Target } from './target';
import { WrittenObjects, byKindAndName } from './written-objects';

const COMPONENTS = ['predictor', 'transformer', 'explainer'] as const;

/** A change that a canary makes to its service. */
export interface ServiceRollout {
  /** The service with two versions. */
  readonly change: (stable: InferenceServiceResource) => InferenceServiceResource;
  /** What a cluster would have shown, for expand output. */
  readonly observed?: World['observed'];
}

/**
 * A model behind an endpoint: KServe's InferenceService.
 *
 * Declared, it becomes the resource; expanded, its children. For `expand`, declare the runtimes it may use and the
 * platform before it.
 *
 * @example
 * new InferenceService(chart, 'iris', {
 *   mode: 'RawDeployment',
 *   predictor: { modelFormat: 'sklearn', storageUri: 'pvc://models/iris', minReplicas: 1, maxReplicas: 3, scale: Scale.cpu(65) },
 * });
 */
export class InferenceService extends Construct {
  /** Which controller the resource is for. */
  readonly target: Target;
  readonly output: 'declare' | 'expand';
  private readonly written: WrittenObjects;
  private readonly stable: InferenceServiceResource;
  private readonly credentials: readonly BoundCredentials[];
  private rollout: (ServiceRollout & { readonly by: Construct }) | undefined;
  private current: InferenceServiceResource;
  private rendered: RenderResult | undefined;

  constructor(scope: Construct, id: string, props: InferenceServiceProps) {
    super(scope, id);
    this.target = props.target ?? Platform.find(this)?.target ?? 'cdk8s-kserve';
    this.output = props.output ?? 'declare';
    assertDeclared(this, this.output, this.target);
    this.written = new WrittenObjects(this);
    const name = props.name ?? id;
    const namespace = props.namespace ?? Chart.of(this).namespace;
    const bound = bindCredentials(props, name, namespace);
    this.credentials = [...bound.values()];
    const mode = props.mode ?? (parseMode(props.annotations?.[ANNOTATION.deploymentMode] ?? '') ? undefined : Platform.statedModeFor(this));
    this.stable = buildResource(Node.of(this).path, name, namespace, { ...props, ...(mode ? { mode } : {}) }, bound);
    this.current = this.stable;
    declaredIn(this).services.push(() => this.current);
    this.write();
  }

  /** The resource as a controller sees it, whatever the output. */
  get resource(): InferenceServiceResource {
    return this.current;
  }

  /** Objects that this construct writes, for JSON patches: the resource, or its children in the order of apply. */
  get apiObjects(): readonly ApiObject[] {
    return this.written.all;
  }

  /** In expand output: each choice that was made, with its reason. */
  get decisions(): readonly Decision[] {
    return this.rendered?.decisions ?? [];
  }

  /** Undefined when neither the service nor a platform says it, so that only the cluster knows. */
  get mode(): DeploymentMode | undefined {
    return parseMode(this.stable.metadata.annotations?.[ANNOTATION.deploymentMode] ?? '') ?? Platform.modeFor(this);
  }

  /**
   * Puts a second version beside this one; `Canary` calls it.
   *
   * @throws IsvcError ISVC_CONSTRUCT_MISUSE when there is one already: two rollouts of one service would take traffic from each other.
   */
  roll(by: Construct, rollout: ServiceRollout): void {
    if (this.rollout) throw misuse(by, `service "${this.stable.metadata.name}" has a rollout already, "${Node.of(this.rollout.by).path}"`, 'remove one of the two');
    this.rollout = { ...rollout, by };
    this.current = rollout.change(this.stable);
    this.write();
  }

  private write(): void {
    const place = this.rollout?.by ?? this;
    assertTargetCan(place, this.current, this.mode, this.target);
    const accounts = this.credentials.flatMap((c) => c.objects);
    if (this.output === 'declare') {
      assertNoErrors(place, validateInferenceService(this.current, this.mode));
      this.written.write(new Map<string, KubeObject>([...byKindAndName(accounts), ['Resource', this.current]]));
      return;
    }
    this.rendered = render(this.current, this.world());
    assertNoErrors(place, this.rendered.problems);
    this.written.write(byKindAndName([...accounts, ...this.rendered.children]));
  }

  private world(): World {
    const world = Platform.worldFor(this);
    const observed = this.rollout?.observed;
    const serviceAccounts = this.credentials.flatMap((c) => c.facts?.serviceAccounts ?? []);
    const secrets = this.credentials.flatMap((c) => c.facts?.secrets ?? []);
    if (this.credentials.some((c) => c.objects.length > 0 && !c.facts)) {
      throw misuse(this, 'expand output has to know the keys of the secret', "write Credentials.fromSecret(name, { keys: ['AWS_ACCESS_KEY_ID', ...] })");
    }
    return {
      ...world,
      ...(serviceAccounts.length > 0 ? { serviceAccounts: [...(world.serviceAccounts ?? []), ...serviceAccounts] } : {}),
      ...(secrets.length > 0 ? { secrets: [...(world.secrets ?? []), ...secrets] } : {}),
      ...(observed ? { observed } : {}),
    };
  }
}

type Bound = ReadonlyMap<(typeof COMPONENTS)[number], BoundCredentials>;

/** One credentials value given to several components stands for one account. */
function bindCredentials(props: InferenceServiceProps, name: string, namespace: string | undefined): Bound {
  const byValue = new Map<unknown, BoundCredentials>();
  return new Map(
    COMPONENTS.flatMap((component) => {
      const credentials = props[component]?.credentials;
      if (!credentials) return [];
      const owner = byValue.size === 0 || byValue.has(credentials) ? name : `${name}-${component}`;
      const bound = byValue.get(credentials) ?? credentials.bind(owner, namespace);
      byValue.set(credentials, bound);
      return [[component, bound] as const];
    }),
  );
}

function buildResource(path: string, name: string, namespace: string | undefined, props: InferenceServiceProps, bound: Bound): InferenceServiceResource {
  const context = (component: (typeof COMPONENTS)[number]): { readonly path: string; readonly serviceAccountName: string | undefined } => ({
    path: `${path}: ${component}`, serviceAccountName: bound.get(component)?.serviceAccountName,
  });
  const annotations = { ...(props.mode ? { [ANNOTATION.deploymentMode]: props.mode } : {}), ...props.annotations };
  const spec: InferenceServiceSpec = {
    predictor: predictorSpec(props.predictor, context('predictor')),
    ...(props.transformer ? { transformer: transformerSpec(props.transformer, context('transformer')) } : {}),
    ...(props.explainer ? { explainer: explainerSpec(props.explainer, context('explainer')) } : {}),
  };
  return {
    apiVersion: INFERENCE_SERVICE_API,
    kind: 'InferenceService',
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(props.labels ? { labels: props.labels } : {}),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    spec: props.overrides ? deepMerge(spec, props.overrides) : spec,
  };
}
