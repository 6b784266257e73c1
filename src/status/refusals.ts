import type { ObjectRef } from '../api';
import { finding, type Finding } from './conditions';
import { ROUTE_KINDS } from './route-findings';

/** A child that could not be written, for a reason that a user or an administrator has to settle. */
export interface ChildRefusal {
  readonly child: ObjectRef;
  /** The API server's words, or ours. */
  readonly message: string;
}

/** Kinds without which no request is answered. */
const ON_THE_WAY = [...ROUTE_KINDS, 'Deployment', 'Service'];

/**
 * The condition that a refused child decides, in KServe's words. Where the way to the model needs it and it is not there,
 * nothing answers; otherwise what is there still does, and the condition only tells.
 *
 * @param typeOf which component's condition a child belongs to, by the child's name.
 * @param isLive whether the child is there, as an earlier spec made it.
 */
export function withRefusal(condition: Finding, refused: readonly ChildRefusal[], typeOf: (child: ObjectRef) => string, isLive: (child: ObjectRef) => boolean): Finding {
  const ofCondition = refused.filter(({ child }) => condition.type === (ROUTE_KINDS.includes(child.kind) ? 'IngressReady' : typeOf(child)));
  const missing = ofCondition.find(({ child }) => ON_THE_WAY.includes(child.kind) && !isLive(child));
  const first = missing ?? ofCondition[0];
  return first ? finding(condition.type, !missing && condition.status === 'True' ? 'True' : 'False', 'ReconcileFailed', refusalLine(first)) : condition;
}

export function refusalLine({ child, message }: ChildRefusal): string {
  return `${child.kind} ${child.name}: ${message}`;
}
