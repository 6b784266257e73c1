import { Chart, type ApiObject } from 'cdk8s';
import { Construct, Node } from 'constructs';
import {
  ANNOTATION, SERVING_RUNTIME_API, validateInferenceGraph, type GraphNode, type GraphStep, type InferenceGraph as InferenceGraphResource, type InferenceGraphSpec, type KubeObject,
} from '../../api';
import { renderGraph, type Decision } from '../../render';
import { deepMerge } from '../../render/pod/merge';
import { assertNoErrors, misuse } from '../check';
import { InferenceService } from '../inference-service';
import type { ServiceObjectProps } from '../inference-service-props';
import { Platform } from '../platform';
import { assertDeclared } from '../target';
import { WrittenObjects, byKindAndName } from '../written-objects';
import { nodeOf, type GraphCall, type GraphCallOptions, type GraphRoute, type GraphTarget, type NodePlan } from './graph-steps';

const ROOT = 'root';

/** The router's own fields are KServe's: `resources`, `minReplicas`, `timeout`, `routerTimeouts`, `nodeSelector`, ... */
export interface InferenceGraphProps extends ServiceObjectProps, Omit<InferenceGraphSpec, 'nodes'> {}

/** Defines where requests enter; called once a graph. */
export interface GraphRoot {
  /** One after the other, each getting the answer of the one before. */
  sequence(...targets: readonly GraphTarget[]): void;
  /** One of them, by shares in per cent that add up to 100. */
  split(shares: readonly (readonly [GraphTarget, number])[]): void;
  /** All of them at once; the answer is a map of theirs. */
  ensemble(...targets: readonly GraphTarget[]): void;
  /** The first whose condition, a GJSON path, the request fulfils. */
  switch(cases: readonly (readonly [condition: string, target: GraphTarget])[]): void;
}

/**
 * Several services behind one router: KServe's InferenceGraph.
 *
 * Say what happens at `root`; `split`, `ensemble`, `switch` and `sequence` of the graph itself make nodes to call from
 * there. The objects are written when the root is defined.
 *
 * @example
 * const graph = new InferenceGraph(chart, 'fraud');
 * graph.root.sequence(features, graph.split([[modelA, 80], [modelB, 20]]));
 */
export class InferenceGraph extends Construct {
  /** Where requests enter. */
  readonly root: GraphRoot;
  private readonly written: WrittenObjects;
  private readonly props: InferenceGraphProps;
  private readonly plans = new Map<string, NodePlan>();
  private built: InferenceGraphResource | undefined;
  private made: readonly Decision[] = [];

  constructor(scope: Construct, id: string, props: InferenceGraphProps = {}) {
    super(scope, id);
    this.props = props;
    this.written = new WrittenObjects(this);
    assertDeclared(this, props.output ?? 'declare', props.target ?? Platform.find(this)?.target ?? 'cdk8s-kserve');
    this.root = {
      sequence: (...targets) => this.finish(sequencePlan(targets)),
      split: (shares) => this.finish(splitPlan(shares)),
      ensemble: (...targets) => this.finish(ensemblePlan(targets)),
      switch: (cases) => this.finish(switchPlan(cases)),
    };
    this.node.addValidation({ validate: () => (this.built ? [] : ['the graph has no root: say what happens to a request, e.g. graph.root.sequence(...)']) });
  }

  /** @throws IsvcError ISVC_CONSTRUCT_MISUSE before the root is defined. */
  get resource(): InferenceGraphResource {
    if (this.built) return this.built;
    throw misuse(this, 'the graph has no root yet', 'call e.g. graph.root.sequence(...) first');
  }

  /** Objects that this construct writes, for JSON patches; empty before the root is defined. */
  get apiObjects(): readonly ApiObject[] {
    return this.written.all;
  }

  /** In expand output: each choice that was made, with its reason. */
  get decisions(): readonly Decision[] {
    return this.made;
  }

  /** A node that calls one after the other. */
  sequence(...targets: readonly GraphTarget[]): GraphRoute {
    return this.route(sequencePlan(targets));
  }

  /** A node that calls one of several, by shares in per cent. */
  split(shares: readonly (readonly [GraphTarget, number])[]): GraphRoute {
    return this.route(splitPlan(shares));
  }

  /** A node that calls all of them at once. */
  ensemble(...targets: readonly GraphTarget[]): GraphRoute {
    return this.route(ensemblePlan(targets));
  }

  /** A node that calls the first whose condition the request fulfils. */
  switch(cases: readonly (readonly [condition: string, target: GraphTarget])[]): GraphRoute {
    return this.route(switchPlan(cases));
  }

  /** A call with options, wherever a target may stand. */
  call(target: GraphCall['target'], options: GraphCallOptions): GraphCall {
    return { target, options };
  }

  private route(plan: NodePlan): GraphRoute {
    if (this.built) throw misuse(this, 'the graph is finished once its root is defined', 'make the nodes before, and pass them to root');
    const kind = plan.routerType.toLowerCase();
    const number = [...this.plans.keys()].filter((name) => name.startsWith(`${kind}-`)).length + 1;
    const nodeName = `${kind}-${number}`;
    this.plans.set(nodeName, plan);
    return { nodeName };
  }

  private finish(root: NodePlan): void {
    if (this.built) throw misuse(this, 'the root is defined twice', 'combine the two, e.g. root.sequence(first, second)');
    const called = new Set<string>();
    const resolve = (target: GraphCall['target']): Pick<GraphStep, 'serviceName' | 'nodeName' | 'serviceUrl'> => {
      if (typeof target === 'string') return { serviceUrl: target };
      if (target instanceof InferenceService) return { serviceName: this.nameOf(target) };
      if (!this.plans.has(target.nodeName)) throw misuse(this, `node "${target.nodeName}" belongs to another graph`, 'make it with this graph');
      called.add(target.nodeName);
      return { nodeName: target.nodeName };
    };
    const nodes: Record<string, GraphNode> = { [ROOT]: nodeOf(root, resolve) };
    for (const [name, plan] of this.plans) nodes[name] = nodeOf(plan, resolve);
    const idle = [...this.plans.keys()].find((name) => !called.has(name));
    if (idle !== undefined) throw misuse(this, `node "${idle}" is called by nothing`, 'pass it to root or to another node');
    this.write(nodes);
  }

  private nameOf(service: InferenceService): string {
    const { name, namespace } = service.resource.metadata;
    if (namespace === this.namespace) return name;
    throw misuse(this, `service "${name}" is in namespace "${namespace ?? ''}", the graph in "${this.namespace ?? ''}"`, 'put both into one namespace, or pass the address of the service');
  }

  private get namespace(): string | undefined {
    return this.props.namespace ?? Chart.of(this).namespace;
  }

  private write(nodes: Readonly<Record<string, GraphNode>>): void {
    const graph = this.buildResource(nodes);
    if (this.props.output === 'expand') {
      const { children, decisions, problems } = renderGraph(graph, Platform.worldFor(this));
      assertNoErrors(this, problems);
      this.made = decisions;
      this.written.write(byKindAndName(children));
    } else {
      assertNoErrors(this, validateInferenceGraph(graph));
      this.written.write(new Map<string, KubeObject>([['Resource', graph]]));
    }
    this.built = graph;
  }

  private buildResource(nodes: Readonly<Record<string, GraphNode>>): InferenceGraphResource {
    const { name = Node.of(this).id, namespace: _resolved, mode, labels, annotations: own, output: _output, target: _target, overrides, ...router } = this.props;
    const stated = mode ?? Platform.statedModeFor(this);
    const annotations = { ...(stated ? { [ANNOTATION.deploymentMode]: stated } : {}), ...own };
    const spec: InferenceGraphSpec = { ...router, nodes };
    return {
      apiVersion: SERVING_RUNTIME_API,
      kind: 'InferenceGraph',
      metadata: {
        name,
        ...(this.namespace ? { namespace: this.namespace } : {}),
        ...(labels ? { labels } : {}),
        ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      },
      spec: overrides ? deepMerge(spec, overrides) : spec,
    };
  }
}

function sequencePlan(targets: readonly GraphTarget[]): NodePlan {
  return { routerType: 'Sequence', calls: targets.map((target) => ({ target })) };
}

function ensemblePlan(targets: readonly GraphTarget[]): NodePlan {
  return { routerType: 'Ensemble', calls: targets.map((target) => ({ target })) };
}

function splitPlan(shares: readonly (readonly [GraphTarget, number])[]): NodePlan {
  return { routerType: 'Splitter', calls: shares.map(([target, weight]) => ({ target, extra: { weight } })) };
}

function switchPlan(cases: readonly (readonly [string, GraphTarget])[]): NodePlan {
  return { routerType: 'Switch', calls: cases.map(([condition, target]) => ({ target, extra: { condition } })) };
}
