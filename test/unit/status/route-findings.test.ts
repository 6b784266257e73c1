import type { Condition, KubeObject } from '../../../src/api';
import { routesFinding } from '../../../src/status/route-findings';

const PARENT = { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'kserve', name: 'kserve-ingress-gateway' };
const WANTED: KubeObject = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'iris', namespace: 'models' }, spec: { parentRefs: [PARENT] } };

function say(...conditions: readonly Partial<Condition>[]): string {
  const status = conditions.length === 0 ? {} : { parents: [{ parentRef: PARENT, controllerName: 'traefik.io/gateway-controller', conditions }] };
  const { status: answer, reason, message } = routesFinding([WANTED], () => ({ ...WANTED, status }));
  return [answer, reason, message].filter(Boolean).join(' ');
}

const ACCEPTED = { type: 'Accepted', status: 'True', reason: 'Accepted' } as const;

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
  expect(say(...conditions)).toBe(expected);
});
