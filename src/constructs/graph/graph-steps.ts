import type { GraphNode, GraphStep, RouterType } from '../../api';
import type { InferenceService } from '../inference-service';

/** What a graph can call: a service of its namespace, an address, or a node made by `split`, `ensemble`, `sequence`, `switch`. */
export type GraphTarget = InferenceService | GraphRoute | `http://${string}` | `https://${string}` | GraphCall;

/** Options of one call, in KServe's words. */
export interface GraphCallOptions {
  /**
   * Name of the step, unique within its node. An Ensemble answers with a map of these names.
   *
   * @default - none; an Ensemble numbers its steps
   */
  readonly name?: string;
  /**
   * What a Sequence passes on: `$request`, what the node was asked, or `$response`, what the step before answered.
   *
   * @default - $response, for the first step $request
   */
  readonly data?: '$request' | '$response';
  /**
   * GJSON path that must exist for the step to be taken.
   *
   * @default - the step is always taken; a Switch needs one
   */
  readonly condition?: string;
  /**
   * Hard: when the step fails, so does the request.
   *
   * @default 'Soft'
   */
  readonly dependency?: 'Soft' | 'Hard';
  /**
   * Turns `predictions` of the step before into `instances`, as the V1 protocol expects of a request.
   *
   * @default false
   */
  readonly mapPredictionsToInstances?: boolean;
}

/** A call with options, made by `InferenceGraph.call`. */
export interface GraphCall {
  readonly target: Exclude<GraphTarget, GraphCall>;
  readonly options: GraphCallOptions;
}

/** A node below the root, made by `InferenceGraph.split` and its like. It becomes part of the graph when something calls it. */
export interface GraphRoute {
  readonly nodeName: string;
}

/** What a node is to hold, before its calls become steps. */
export interface NodePlan {
  readonly routerType: RouterType;
  readonly calls: readonly { readonly target: GraphTarget; readonly extra?: Partial<GraphStep> }[];
}

/** Gives the step of a plain call: what it calls, in KServe's words. */
export type ResolveTarget = (target: Exclude<GraphTarget, GraphCall>) => Pick<GraphStep, 'serviceName' | 'nodeName' | 'serviceUrl'>;

export function isCall(target: GraphTarget): target is GraphCall {
  return typeof target === 'object' && 'options' in target && 'target' in target;
}

export function nodeOf({ routerType, calls }: NodePlan, resolve: ResolveTarget): GraphNode {
  return {
    routerType,
    steps: calls.map(({ target, extra }, index) => {
      const call: GraphCall = isCall(target) ? target : { target, options: {} };
      // A Sequence made here is a pipe; KServe's own default gives every step the first request.
      const piped = routerType === 'Sequence' && index > 0 ? { data: '$response' } : {};
      return { ...resolve(call.target), ...piped, ...extra, ...call.options };
    }),
  };
}
