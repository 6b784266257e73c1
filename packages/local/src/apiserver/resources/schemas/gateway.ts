import type { StructuralSchema } from 'cdk8s-kserve/api';
import { anyObject, atomic, conditions, int, keyed, list, object, oneOf, text, textMap, withDefault } from './build';

const GROUP = 'gateway.networking.k8s.io';
const port: StructuralSchema = { type: 'integer', minimum: 1, maximum: 65535 };
const weight: StructuralSchema = { type: 'integer', minimum: 0, maximum: 1_000_000, default: 1 };

const parentReference = object({
  group: withDefault(text, GROUP), kind: withDefault(text, 'Gateway'), namespace: text, name: text, sectionName: text, port,
}, ['name']);

const backendReference = { group: withDefault(text, ''), kind: withDefault(text, 'Service'), name: text, namespace: text, port };
const header = object({ name: text, value: text }, ['name', 'value']);
const headerFilter = object({ set: keyed(header, 'name'), add: keyed(header, 'name'), remove: { ...list(text), 'x-kubernetes-list-type': 'set' } });

const filter = object({
  type: text,
  requestHeaderModifier: headerFilter,
  responseHeaderModifier: headerFilter,
  requestMirror: { ...anyObject, properties: { backendRef: object(backendReference, ['name']) } },
  requestRedirect: { ...anyObject, properties: { statusCode: withDefault(int, 302) } },
  urlRewrite: anyObject,
  extensionRef: object({ group: text, kind: text, name: text }, ['group', 'kind', 'name']),
  cors: anyObject,
  externalAuth: anyObject,
}, ['type']);

const nameMatch = object({ type: withDefault(oneOf('Exact', 'RegularExpression'), 'Exact'), name: text, value: text }, ['name', 'value']);

const match = object({
  path: withDefault(object({ type: withDefault(oneOf('Exact', 'PathPrefix', 'RegularExpression'), 'PathPrefix'), value: withDefault(text, '/') }), { type: 'PathPrefix', value: '/' }),
  headers: keyed(nameMatch, 'name'),
  queryParams: keyed(nameMatch, 'name'),
  method: text,
});

const routeStatus = object({
  parents: list(object({ parentRef: parentReference, controllerName: text, conditions }, ['parentRef', 'controllerName'])),
}, ['parents']);

export const httpRouteSchema = object({
  spec: object({
    hostnames: list(text),
    parentRefs: list(parentReference),
    useDefaultGateways: text,
    rules: {
      ...list(object({
        name: text,
        matches: withDefault(list(match), [{ path: { type: 'PathPrefix', value: '/' } }]),
        filters: list(filter),
        backendRefs: list(object({ ...backendReference, weight, filters: list(filter) }, ['name'])),
        timeouts: object({ request: text, backendRequest: text }),
        retry: anyObject,
        sessionPersistence: anyObject,
      })),
      default: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }] }],
    },
  }),
  status: routeStatus,
}, ['spec']);

const listener = object({
  name: text,
  hostname: text,
  port,
  protocol: text,
  tls: anyObject,
  allowedRoutes: withDefault(object({
    kinds: list(object({ group: withDefault(text, GROUP), kind: text }, ['kind'])),
    namespaces: withDefault(object({ from: withDefault(oneOf('All', 'Selector', 'Same', 'None'), 'Same'), selector: anyObject }), { from: 'Same' }),
  }), { namespaces: { from: 'Same' } }),
}, ['name', 'port', 'protocol']);

export const gatewaySchema = object({
  spec: object({
    gatewayClassName: text,
    listeners: { ...keyed(listener, 'name'), minItems: 1 },
    addresses: list(object({ type: withDefault(text, 'IPAddress'), value: text })),
    infrastructure: object({ labels: textMap, annotations: textMap, parametersRef: anyObject }),
    allowedListeners: anyObject,
    backendTLS: anyObject,
    tls: anyObject,
    defaultScope: text,
  }, ['gatewayClassName', 'listeners']),
  status: object({
    addresses: list(object({ type: withDefault(text, 'IPAddress'), value: text })),
    conditions,
    listeners: keyed(object({ name: text, attachedRoutes: int, conditions, supportedKinds: list(anyObject) }, ['name']), 'name'),
    attachedListenerSets: int,
  }),
}, ['spec']);

export const gatewayClassSchema = object({
  spec: object({ controllerName: text, description: text, parametersRef: atomic(anyObject) }, ['controllerName']),
  status: object({ conditions, supportedFeatures: keyed(object({ name: text }, ['name']), 'name') }),
}, ['spec']);
