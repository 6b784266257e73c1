import { anyObject, bool, conditions, int, intOrText, keyed, labelSelector, list, localReference, mapOf, object, objectReference, oneOf, quantity, set, text, textMap, withDefault, atomic } from './build';

const port = { type: 'integer', minimum: 1, maximum: 65535 } as const;

const status = { ...anyObject, properties: { conditions } };

export const namespaceSchema = object({ spec: object({ finalizers: list(text) }), status });
export const nodeSchema = object({ spec: { ...anyObject, properties: { podCIDRs: set(text) } }, status });
export const configMapSchema = object({ data: textMap, binaryData: textMap, immutable: bool });
export const secretSchema = object({ data: textMap, stringData: textMap, type: withDefault(text, 'Opaque'), immutable: bool });

export const serviceAccountSchema = object({
  secrets: keyed(objectReference, 'name'),
  imagePullSecrets: list(localReference),
  automountServiceAccountToken: bool,
});

export const serviceSchema = object({
  spec: object({
    allocateLoadBalancerNodePorts: bool,
    clusterIP: text,
    clusterIPs: list(text),
    externalIPs: list(text),
    externalName: text,
    externalTrafficPolicy: text,
    healthCheckNodePort: int,
    internalTrafficPolicy: text,
    ipFamilies: list(text),
    ipFamilyPolicy: text,
    loadBalancerClass: text,
    loadBalancerIP: text,
    loadBalancerSourceRanges: list(text),
    ports: keyed(object({
      appProtocol: text, name: text, nodePort: int, port, protocol: withDefault(oneOf('TCP', 'UDP', 'SCTP'), 'TCP'), targetPort: intOrText,
    }, ['port']), 'port', 'protocol'),
    publishNotReadyAddresses: bool,
    selector: atomic(textMap),
    sessionAffinity: withDefault(oneOf('None', 'ClientIP'), 'None'),
    sessionAffinityConfig: anyObject,
    trafficDistribution: text,
    type: withDefault(oneOf('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'), 'ClusterIP'),
  }),
  status,
});

const address = atomic(object({ ip: text, hostname: text, nodeName: text, targetRef: objectReference }, ['ip']));

export const endpointsSchema = object({
  subsets: list(object({
    addresses: list(address),
    notReadyAddresses: list(address),
    ports: list(object({ name: text, port, protocol: withDefault(text, 'TCP'), appProtocol: text }, ['port'])),
  })),
});

export const endpointSliceSchema = object({
  addressType: oneOf('IPv4', 'IPv6', 'FQDN'),
  endpoints: list(object({
    addresses: list(text),
    conditions: object({ ready: bool, serving: bool, terminating: bool }),
    deprecatedTopology: textMap, hints: anyObject, hostname: text, nodeName: text, targetRef: objectReference, zone: text,
  }, ['addresses'])),
  ports: list(object({ name: withDefault(text, ''), port: int, protocol: withDefault(text, 'TCP'), appProtocol: text })),
}, ['addressType', 'endpoints']);

export const persistentVolumeClaimSchema = object({
  spec: object({
    accessModes: list(text),
    dataSource: anyObject,
    dataSourceRef: anyObject,
    resources: object({ limits: mapOf(quantity), requests: mapOf(quantity) }),
    selector: labelSelector,
    storageClassName: text,
    volumeAttributesClassName: text,
    volumeMode: withDefault(text, 'Filesystem'),
    volumeName: text,
  }),
  status,
});

/** `events` of the core group and of events.k8s.io are one resource under two spellings. */
const eventInBothGroups = {
  action: text,
  eventTime: text,
  reason: text,
  related: objectReference,
  reportingInstance: text,
  series: object({ count: int, lastObservedTime: text }),
  type: text,
};
const eventSource = object({ component: text, host: text });

export const coreEventSchema = object({
  ...eventInBothGroups,
  count: int,
  firstTimestamp: text,
  involvedObject: objectReference,
  lastTimestamp: text,
  message: text,
  reportingComponent: text,
  source: eventSource,
});

export const eventsGroupSchema = object({
  ...eventInBothGroups,
  deprecatedCount: int,
  deprecatedFirstTimestamp: text,
  deprecatedLastTimestamp: text,
  deprecatedSource: eventSource,
  note: text,
  regarding: objectReference,
  reportingController: text,
});

export const leaseSchema = object({
  spec: object({
    acquireTime: text, holderIdentity: text, leaseDurationSeconds: int, leaseTransitions: int, preferredHolder: text, renewTime: text, strategy: text,
  }),
});

const ingressBackend = object({
  resource: objectReference,
  service: object({ name: text, port: object({ name: text, number: int }) }, ['name']),
});

export const ingressSchema = object({
  spec: object({
    defaultBackend: ingressBackend,
    ingressClassName: text,
    rules: list(object({ host: text, http: object({ paths: list(object({ backend: ingressBackend, path: text, pathType: text }, ['backend', 'pathType'])) }, ['paths']) })),
    tls: list(object({ hosts: list(text), secretName: text })),
  }),
  status,
});
