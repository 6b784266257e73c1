import type { ObjectRef } from '../api';
import { finding, type Finding } from './conditions';

/** A child that could not be written, for a reason that a user or an administrator has to settle. */
export interface ChildRefusal {
  readonly child: ObjectRef;
  /** The API server's words, or ours. */
  readonly message: string;
}

/** Kinds whose refusal concerns the way in; any other concerns the component that it belongs to. */
const ROUTE_KINDS = ['HTTPRoute', 'GRPCRoute', 'Ingress', 'VirtualService'];

/**
 * The condition that a refused child decides, in KServe's words.
 *
 * @param typeOf which component's condition a child belongs to, by the child's name.
 */
export function withRefusal(condition: Finding, refused: readonly ChildRefusal[], typeOf: (child: ObjectRef) => string): Finding {
  const first = refused.find(({ child }) => condition.type === (ROUTE_KINDS.includes(child.kind) ? 'IngressReady' : typeOf(child)));
  return first ? finding(condition.type, 'False', 'ReconcileFailed', `${first.child.kind} ${first.child.name}: ${first.message}`) : condition;
}
