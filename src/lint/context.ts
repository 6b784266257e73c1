import { isInferenceGraph, isInferenceService, type InferenceGraph, type InferenceService, type KubeObject, type Problem } from '../api';
import { isRuntime, renderGraph, worldFromObjects, type RenderResult, type World } from '../render';
import type { Artifact } from './artifact';
import { lintObject, type LintInput, type LintObject } from './lint-object';
import { podsOf, type PodView } from './pods';
import { serviceView, type ServiceView } from './service-view';

/** A resource with what render makes of it. */
export interface Rendered {
  readonly on: LintObject;
  readonly result: RenderResult;
}

/** What lint knows beside the manifests. */
export interface Beside {
  /** Objects that exist beside the inputs and are not looked at themselves: what the cluster has. */
  readonly world?: readonly KubeObject[];
  /** Group versions that the cluster serves, e.g. `keda.sh/v1alpha1`. @default - all that matter */
  readonly apis?: readonly string[];
  /** What lies on this machine, by the models' addresses. */
  readonly artifacts?: ReadonlyMap<string, Artifact>;
}

/** Manifests do not say what a cluster serves, so every API is assumed until somebody says. */
const EVERY_API: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true });

/** A set of manifests as rules see it; every view is built once. */
export class LintContext {
  readonly objects: readonly LintObject[];
  readonly world: World;
  readonly services: readonly ServiceView[];
  /** Everything that has children: services and graphs, with what render makes of them. */
  readonly rendered: readonly Rendered[];
  /** Problems of the platform's ConfigMap. */
  readonly configProblems: readonly Problem[];
  /** Pods that anything here describes: services, runtimes, workloads. */
  readonly pods: readonly PodView[];
  /** What lies on this machine, by the models' addresses. */
  readonly artifacts: ReadonlyMap<string, Artifact>;
  private readonly byKind = new Map<string, LintObject[]>();
  private readonly byName = new Map<string, LintObject>();

  constructor(inputs: readonly LintInput[], { world: added = [], apis, artifacts = new Map() }: Beside = {}) {
    this.objects = inputs.map(lintObject);
    this.artifacts = artifacts;
    const all = [...this.objects, ...added.map((object) => lintObject({ object }, -1))];
    for (const o of all) {
      this.byKind.set(o.object.kind, [...(this.byKind.get(o.object.kind) ?? []), o]);
      const key = nameKey(o.object.kind, o.namespace, o.object.metadata.name);
      if (!this.byName.has(key)) this.byName.set(key, o);
    }
    const { world, problems } = worldFromObjects(all.filter((o) => o.usable).map((o) => o.object));
    this.world = { ...world, apis: apis ? new Set(apis) : EVERY_API };
    this.configProblems = problems;
    this.services = this.objects
      .filter((o) => o.usable && isInferenceService(o.object))
      .map((on) => serviceView(on, on.object as InferenceService, this.world));
    this.rendered = [
      ...this.services,
      ...this.objects.filter((o) => o.usable && isInferenceGraph(o.object)).map((on) => ({ on, result: renderGraph(on.object as InferenceGraph, this.world) })),
    ];
    this.pods = [...this.services.flatMap((s) => s.pods), ...this.objects.filter((o) => o.usable && !isInferenceService(o.object)).flatMap((o) => podsOf(o))];
  }

  /** Objects of a kind, those that the world adds included. */
  ofKind(kind: string): readonly LintObject[] {
    return this.byKind.get(kind) ?? [];
  }

  find(kind: string, namespace: string, name: string): LintObject | undefined {
    return this.byName.get(nameKey(kind, namespace, name));
  }

  /** Enabled runtimes among the inputs. */
  get runtimes(): readonly LintObject[] {
    return this.objects.filter((o) => o.usable && isRuntime(o.object));
  }

  /** Every problem of one object: of its metadata, its kind and, for a service, of its world. */
  *problems(): Generator<{ readonly on: LintObject; readonly problem: Problem }> {
    const rendered = new Map(this.rendered.map((s) => [s.on, s.result.problems]));
    for (const on of this.objects) {
      for (const problem of on.problems) yield { on, problem };
      for (const problem of rendered.get(on) ?? []) if (!repeats(on.problems, problem)) yield { on, problem };
    }
    const config = this.ofKind('ConfigMap').find((o) => o.object.metadata.name === 'inferenceservice-config');
    if (config && config.index >= 0) for (const problem of this.configProblems) yield { on: config, problem };
  }
}

function repeats(known: readonly Problem[], problem: Problem): boolean {
  return known.some((p) => p.code === problem.code && p.path === problem.path);
}

function nameKey(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}
