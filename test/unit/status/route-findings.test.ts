import type { Condition, KubeObject } from '../../../src/api';
import { routesFinding } from '../../../src/status/route-findings';

const PARENT = { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'kserve', name: 'kserve-ingress-gateway' };
const WANTED: KubeObject = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'iris', namespace: 'models' }, spec: { parentRefs: [PARENT] } };

function say({ gateways }: { readonly gateways?: readonly KubeObject[] | undefined }, ...conditions: readonly Partial<Condition>[]): string {
  const status = conditions.length === 0 ? {} : { parents: [{ parentRef: PARENT, controllerName: 'traefik.io/gateway-controller', conditions }] };
  const { status: answer, reason, message } = routesFinding([WANTED], () => ({ ...WANTED, status }), gateways);
  return [answer, reason, message].filter(Boolean).join(' ');
}

const ACCEPTED = { type: 'Accepted', status: 'True', reason: 'Accepted' } as const;

/** The Gateway as its controller left it. */
function gateway(conditions: Readonly<Record<string, string>>, ...listeners: readonly Readonly<Record<string, string>>[]): KubeObject {
  const all = (of: Readonly<Record<string, string>>): object[] => Object.entries(of).map(([type, status]) => ({ type, status, ...(status === 'False' ? { reason: 'Invalid', message: 'no port' } : {}) }));
  return {
    apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { name: PARENT.name, namespace: PARENT.namespace }, spec: { gatewayClassName: 'traefik' },
    status: { conditions: all(conditions), listeners: listeners.map((of, i) => ({ name: `l${i}`, conditions: all(of) })) },
  };
}

const SERVES = { Accepted: 'True', Programmed: 'True' };

test.each([
  ['cannot be looked at', undefined, 'True'],
  ['serves', [gateway(SERVES, SERVES)], 'True'],
  ['has no listener left out', [gateway(SERVES, { Programmed: 'False' }, SERVES)], 'True'],
  ['does not say whether it is programmed', [gateway({ Accepted: 'True' })], 'True'],
  [
    'is gone', [],
    'False GatewayMissing HTTPRoute iris: Gateway kserve/kserve-ingress-gateway does not exist: create it, or name another in ingress.kserveIngressGateway of inferenceservice-config',
  ],
  [
    'is another one', [{ ...gateway(SERVES), metadata: { name: PARENT.name, namespace: 'models' } }],
    'False GatewayMissing HTTPRoute iris: Gateway kserve/kserve-ingress-gateway does not exist: create it, or name another in ingress.kserveIngressGateway of inferenceservice-config',
  ],
  ['is refused', [gateway({ Accepted: 'False', Programmed: 'True' })], 'False GatewayNotAccepted HTTPRoute iris: Gateway kserve/kserve-ingress-gateway is not accepted: Invalid: no port'],
  ['is not programmed', [gateway({ Accepted: 'True', Programmed: 'False' })], 'False GatewayNotProgrammed HTTPRoute iris: Gateway kserve/kserve-ingress-gateway is not programmed: Invalid: no port'],
  [
    'has no listener that serves', [gateway(SERVES, { Accepted: 'True', Programmed: 'False' })],
    'False GatewayNotProgrammed HTTPRoute iris: Gateway kserve/kserve-ingress-gateway has no listener that serves; l0: Invalid: no port',
  ],
  [
    'is new and taken by nobody', [gateway({ Accepted: 'Unknown', Programmed: 'Unknown' })],
    'Unknown GatewayPending HTTPRoute iris: Gateway kserve/kserve-ingress-gateway waits for a controller: install that of GatewayClass traefik, or name another in ingress.kserveIngressGateway of inferenceservice-config',
  ],
] as const)('an accepted route whose Gateway %s', (_name, gateways, expected) => {
  expect(say({ gateways }, ACCEPTED)).toBe(expected);
});

test('what is attached to a Service asks for no Gateway', () => {
  const inCluster = { ...WANTED, spec: { parentRefs: [{ group: '', kind: 'Service', name: 'iris-predictor' }] } };
  expect(routesFinding([inCluster], () => ({ ...inCluster, status: { parents: [{ conditions: [ACCEPTED] }] } }), []).status).toBe('True');
});

test.each([
  ['accepted', [ACCEPTED, { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs' }], 'True'],
  ['not looked at', [], 'False ParentStatusNotAvailable HTTPRoute iris has not been accepted by Gateway kserve/kserve-ingress-gateway yet'],
  ['refused in a gateway\'s own words', [ACCEPTED, { type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound', message: 'service not found' }], 'False BackendNotFound HTTPRoute iris: service not found'],
  [
    'refused without a word', [{ type: 'Accepted', status: 'False', reason: 'NotAllowedByListeners', message: '' }],
    'False NotAllowedByListeners HTTPRoute iris: Accepted is False at Gateway kserve/kserve-ingress-gateway: none of its listeners admits this kind of route from this namespace; see allowedRoutes',
  ],
  [
    'a host that no listener serves', [{ type: 'Accepted', status: 'False', reason: 'NoMatchingListenerHostname' }],
    'False NoMatchingListenerHostname HTTPRoute iris: Accepted is False at Gateway kserve/kserve-ingress-gateway: none of its listeners has a hostname that fits; see ingress.ingressDomain in inferenceservice-config',
  ],
  ['in a way of its own', [{ type: 'Accepted', status: 'False', reason: 'Odd' }], 'False Odd HTTPRoute iris: Accepted is False at Gateway kserve/kserve-ingress-gateway'],
  ['seen, and neither accepted nor refused', [{ type: 'Accepted', status: 'Unknown', reason: 'Pending' }], 'Unknown RouteNotAccepted HTTPRoute iris has not been accepted by Gateway kserve/kserve-ingress-gateway yet'],
] as const)('a route that is %s', (_name, conditions, expected) => {
  expect(say({}, ...conditions)).toBe(expected);
});
