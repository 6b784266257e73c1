/** How a field of a protobuf message becomes JSON. */
export type FieldType = 'string' | 'int' | 'bool' | 'bytes' | 'string-map' | 'bytes-map' | 'int-or-string' | 'quantity' | 'time' | Message;

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly repeated?: boolean;
  /** A zero is a value here and not the absence of one: the field is a pointer in Kubernetes' Go types. */
  readonly keepZero?: boolean;
  /** The fields of the message stand in JSON where the message would. */
  readonly inline?: boolean;
}

/** Fields by number. */
export type Message = ReadonlyMap<number, Field>;

const one = (name: string, type: FieldType): Field => ({ name, type });
const many = (name: string, type: FieldType): Field => ({ name, type, repeated: true });
const pointer = (name: string, type: FieldType): Field => ({ name, type, keepZero: true });

const objectMeta: Message = new Map([
  [1, one('name', 'string')], [2, one('generateName', 'string')], [3, one('namespace', 'string')], [5, one('uid', 'string')], [6, one('resourceVersion', 'string')],
  [7, one('generation', 'int')], [8, one('creationTimestamp', 'time')], [11, one('labels', 'string-map')], [12, one('annotations', 'string-map')], [14, many('finalizers', 'string')],
]);

const labelSelector: Message = new Map<number, Field>([
  [1, one('matchLabels', 'string-map')], [2, many('matchExpressions', new Map<number, Field>([[1, one('key', 'string')], [2, one('operator', 'string')], [3, many('values', 'string')]]))],
]);
const empty: Message = new Map();

const container: Message = new Map([
  [1, one('name', 'string')], [2, one('image', 'string')], [3, many('command', 'string')], [4, many('args', 'string')], [5, one('workingDir', 'string')],
  [6, many('ports', new Map([[1, one('name', 'string')], [2, one('hostPort', 'int')], [3, one('containerPort', 'int')], [4, one('protocol', 'string')], [5, one('hostIP', 'string')]]))],
  [7, many('env', new Map([[1, one('name', 'string')], [2, one('value', 'string')]]))],
  [8, one('resources', empty)], [13, one('terminationMessagePath', 'string')], [14, one('imagePullPolicy', 'string')],
  [16, one('stdin', 'bool')], [17, one('stdinOnce', 'bool')], [18, one('tty', 'bool')], [20, one('terminationMessagePolicy', 'string')],
]);

const podSpec: Message = new Map([
  [2, many('containers', container)], [3, one('restartPolicy', 'string')], [6, one('dnsPolicy', 'string')], [8, one('serviceAccountName', 'string')], [9, one('serviceAccount', 'string')],
  [10, one('nodeName', 'string')], [11, one('hostNetwork', 'bool')], [12, one('hostPID', 'bool')], [13, one('hostIPC', 'bool')], [16, one('hostname', 'string')], [17, one('subdomain', 'string')],
  [19, one('schedulerName', 'string')], [20, many('initContainers', container)], [24, one('priorityClassName', 'string')],
]);

const deploymentSpec: Message = new Map([
  [1, pointer('replicas', 'int')], [2, one('selector', labelSelector)], [3, one('template', new Map([[1, one('metadata', objectMeta)], [2, one('spec', podSpec)]]))],
  [4, one('strategy', new Map([[1, one('type', 'string')]]))], [5, one('minReadySeconds', 'int')], [7, one('paused', 'bool')],
]);

const serviceSpec: Message = new Map([
  [1, many('ports', new Map([[1, one('name', 'string')], [2, one('protocol', 'string')], [3, one('port', 'int')], [4, one('targetPort', 'int-or-string')], [5, one('nodePort', 'int')], [6, one('appProtocol', 'string')]]))],
  [2, one('selector', 'string-map')], [3, one('clusterIP', 'string')], [4, one('type', 'string')], [5, many('externalIPs', 'string')], [7, one('sessionAffinity', 'string')], [8, one('loadBalancerIP', 'string')],
  [10, one('externalName', 'string')], [11, one('externalTrafficPolicy', 'string')], [12, one('healthCheckNodePort', 'int')], [13, one('publishNotReadyAddresses', 'bool')], [18, many('clusterIPs', 'string')],
]);

const ingressBackend: Message = new Map([
  [3, one('resource', new Map([[1, one('apiGroup', 'string')], [2, one('kind', 'string')], [3, one('name', 'string')]]))],
  [4, one('service', new Map<number, Field>([[1, one('name', 'string')], [2, one('port', new Map<number, Field>([[1, one('name', 'string')], [2, one('number', 'int')]]))]]))],
]);

const ingressHttp: Message = new Map([[1, many('paths', new Map<number, Field>([[1, one('path', 'string')], [2, one('backend', ingressBackend)], [3, one('pathType', 'string')]]))]]);

const ingressSpec: Message = new Map([
  [1, one('defaultBackend', ingressBackend)],
  [2, many('tls', new Map([[1, many('hosts', 'string')], [2, one('secretName', 'string')]]))],
  [3, many('rules', new Map<number, Field>([[1, one('host', 'string')], [2, { name: '', type: new Map([[1, one('http', ingressHttp)]]), inline: true }]]))],
  [4, one('ingressClassName', 'string')],
]);

const metricTarget: Message = new Map<number, Field>([[1, one('type', 'string')], [2, one('value', 'quantity')], [3, one('averageValue', 'quantity')], [4, one('averageUtilization', 'int')]]);

const autoscalerBounds: readonly (readonly [number, Field])[] = [
  [1, one('scaleTargetRef', new Map([[1, one('kind', 'string')], [2, one('name', 'string')], [3, one('apiVersion', 'string')]]))],
  [2, pointer('minReplicas', 'int')], [3, one('maxReplicas', 'int')],
];

const autoscalerSpec: Message = new Map([
  ...autoscalerBounds,
  [4, many('metrics', new Map<number, Field>([[1, one('type', 'string')], [4, one('resource', new Map<number, Field>([[1, one('name', 'string')], [2, one('target', metricTarget)]]))]]))],
]);

const disruptionSpec: Message = new Map([
  [1, one('minAvailable', 'int-or-string')], [2, one('selector', labelSelector)], [3, one('maxUnavailable', 'int-or-string')], [4, one('unhealthyPodEvictionPolicy', 'string')],
]);

/** What nobody but the server fills in, and Go sends as zeros. */
const zeros: Field = one('status', empty);

const withMeta = (...fields: readonly (readonly [number, Field])[]): Message => new Map([[1, one('metadata', objectMeta)], ...fields]);

/**
 * The kinds that kubectl sends as protobuf, `kubectl create configmap` and the like, with the fields that it sets. All of
 * kubectl's commands that read a manifest send JSON.
 */
export const MESSAGES: ReadonlyMap<string, Message> = new Map([
  ['v1/DeleteOptions', new Map<number, Field>([
    [1, pointer('gracePeriodSeconds', 'int')], [2, one('preconditions', new Map([[1, one('uid', 'string')], [2, one('resourceVersion', 'string')]]))],
    [3, pointer('orphanDependents', 'bool')], [4, one('propagationPolicy', 'string')], [5, many('dryRun', 'string')],
  ])],
  ['v1/Namespace', withMeta([2, one('spec', new Map([[1, many('finalizers', 'string')]]))], [3, one('status', new Map([[1, one('phase', 'string')]]))])],
  ['v1/ConfigMap', withMeta([2, one('data', 'string-map')], [3, one('binaryData', 'bytes-map')], [4, pointer('immutable', 'bool')])],
  ['v1/Secret', withMeta([2, one('data', 'bytes-map')], [3, one('type', 'string')], [4, one('stringData', 'string-map')], [5, pointer('immutable', 'bool')])],
  ['v1/ServiceAccount', withMeta([4, pointer('automountServiceAccountToken', 'bool')])],
  ['v1/Service', withMeta([2, one('spec', serviceSpec)], [3, one('status', new Map([[1, one('loadBalancer', empty)]]))])],
  ['networking.k8s.io/v1/Ingress', withMeta([2, one('spec', ingressSpec)], [3, one('status', new Map([[1, one('loadBalancer', empty)]]))])],
  ['policy/v1/PodDisruptionBudget', withMeta([2, one('spec', disruptionSpec)], [3, zeros])],
  ['autoscaling/v1/HorizontalPodAutoscaler', withMeta([2, one('spec', new Map([...autoscalerBounds, [4, one('targetCPUUtilizationPercentage', 'int')]]))], [3, zeros])],
  ['autoscaling/v2/HorizontalPodAutoscaler', withMeta([2, one('spec', autoscalerSpec)], [3, zeros])],
  ['apps/v1/Deployment', withMeta([2, one('spec', deploymentSpec)], [3, one('status', new Map<number, Field>([[1, one('replicas', 'int')], [2, one('updatedReplicas', 'int')], [3, one('observedGeneration', 'int')], [4, one('availableReplicas', 'int')], [5, one('unavailableReplicas', 'int')], [7, one('readyReplicas', 'int')]]))])],
]);
