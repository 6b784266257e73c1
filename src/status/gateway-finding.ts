import { objectKey, type Condition, type KubeObject } from '../api';
import { conditionOf, finding, type Finding } from './conditions';

/** What a route is attached to, as the Gateway API spells it. */
export interface ParentRef {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
}

interface ListenerStatus {
  readonly name: string;
  readonly conditions?: readonly Condition[];
}

const OTHER_GATEWAY = 'or name another in ingress.kserveIngressGateway of inferenceservice-config';

/**
 * Why a route that its Gateway once accepted is answered by nobody: the Gateway is gone, or serves nothing. Undefined
 * where nothing speaks against it. Routes do not tell: what a Gateway said of them stays on record when it goes.
 *
 * @param gateways of the cluster, or undefined when nobody may look: the route's own word has to do then.
 */
export function gatewayFinding(type: string, route: KubeObject, parent: ParentRef, gateways: readonly KubeObject[] | undefined): Finding | undefined {
  if (!gateways || (parent.kind ?? 'Gateway') !== 'Gateway') return undefined;
  const key = objectKey({ name: parent.name, namespace: parent.namespace ?? route.metadata.namespace });
  const gateway = gateways.find(({ metadata }) => objectKey(metadata) === key);
  const name = `${route.kind} ${route.metadata.name}: Gateway ${key}`;
  if (!gateway) return finding(type, 'False', 'GatewayMissing', `${name} does not exist: create it, ${OTHER_GATEWAY}`);
  const accepted = conditionOf(gateway, 'Accepted');
  if (accepted?.status === 'False') return finding(type, 'False', 'GatewayNotAccepted', `${name} is not accepted: ${words(accepted)}`);
  // A new Gateway says Unknown until somebody takes it; until then the route's word is of one before it.
  if (accepted?.status !== 'True') return finding(type, 'Unknown', 'GatewayPending', `${name} waits for a controller: install that of GatewayClass ${classOf(gateway)}, ${OTHER_GATEWAY}`);
  const programmed = conditionOf(gateway, 'Programmed');
  if (programmed?.status === 'False') return finding(type, 'False', 'GatewayNotProgrammed', `${name} is not programmed: ${words(programmed)}`);
  const listeners = listenersOf(gateway).map((listener) => ({ listener, refusal: refusalOf(listener) }));
  const [first] = listeners;
  if (!first?.refusal || listeners.some(({ refusal }) => refusal === undefined)) return undefined;
  return finding(type, 'False', 'GatewayNotProgrammed', `${name} has no listener that serves; ${first.listener.name}: ${words(first.refusal)}`);
}

function refusalOf({ conditions = [] }: ListenerStatus): Condition | undefined {
  return conditions.find((c) => (c.type === 'Accepted' || c.type === 'Programmed') && c.status === 'False');
}

function listenersOf(gateway: KubeObject): readonly ListenerStatus[] {
  return ((gateway['status'] ?? {}) as { readonly listeners?: readonly ListenerStatus[] }).listeners ?? [];
}

function classOf(gateway: KubeObject): string {
  return ((gateway['spec'] ?? {}) as { readonly gatewayClassName?: string }).gatewayClassName ?? '(none)';
}

function words({ type, reason, message }: Condition): string {
  return [reason, message].filter(Boolean).join(': ') || `${type} is False`;
}
