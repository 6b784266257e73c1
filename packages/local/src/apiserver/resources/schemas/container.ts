import { anyObject, atomic, bool, int, intOrText, keyed, list, mapOf, object, oneOf, quantity, text, withDefault } from './build';

const keySelector = atomic(object({ key: text, name: text, optional: bool }, ['key']));
const fieldRef = atomic(object({ apiVersion: withDefault(text, 'v1'), fieldPath: text }, ['fieldPath']));

export const downwardFieldRef = fieldRef;
export const resourceFieldRef = atomic(object({ containerName: text, divisor: quantity, resource: text }, ['resource']));

const envVar = object({
  name: text,
  value: text,
  valueFrom: object({ configMapKeyRef: keySelector, secretKeyRef: keySelector, fieldRef, resourceFieldRef, fileKeyRef: anyObject }),
}, ['name']);

const httpGet = object({
  host: text, path: withDefault(text, '/'), port: intOrText, scheme: withDefault(text, 'HTTP'),
  httpHeaders: list(object({ name: text, value: text }, ['name', 'value'])),
}, ['port']);
const exec = object({ command: list(text) });
const tcpSocket = object({ host: text, port: intOrText }, ['port']);

const probe = object({
  httpGet, exec, tcpSocket,
  grpc: object({ port: int, service: withDefault(text, '') }, ['port']),
  initialDelaySeconds: int,
  periodSeconds: withDefault(int, 10),
  timeoutSeconds: withDefault(int, 1),
  successThreshold: withDefault(int, 1),
  failureThreshold: withDefault(int, 3),
  terminationGracePeriodSeconds: int,
});

const lifecycleHandler = object({ httpGet, exec, tcpSocket, sleep: object({ seconds: int }) });

export const resourceRequirements = object({
  limits: mapOf(quantity),
  requests: mapOf(quantity),
  claims: keyed(object({ name: text, request: text }, ['name']), 'name'),
});

export const container = object({
  name: text,
  image: text,
  imagePullPolicy: oneOf('Always', 'IfNotPresent', 'Never'),
  command: list(text),
  args: list(text),
  workingDir: text,
  env: keyed(envVar, 'name'),
  envFrom: list(object({ prefix: text, configMapRef: atomic(object({ name: text, optional: bool })), secretRef: atomic(object({ name: text, optional: bool })) })),
  ports: keyed(object({
    containerPort: { type: 'integer', minimum: 1, maximum: 65535 }, hostIP: text, hostPort: int, name: text,
    protocol: withDefault(oneOf('TCP', 'UDP', 'SCTP'), 'TCP'),
  }, ['containerPort']), 'containerPort', 'protocol'),
  resources: withDefault(resourceRequirements, {}),
  resizePolicy: list(anyObject),
  restartPolicy: text,
  restartPolicyRules: list(anyObject),
  volumeMounts: keyed(object({
    name: text, mountPath: text, mountPropagation: text, readOnly: bool, recursiveReadOnly: text, subPath: text, subPathExpr: text,
  }, ['name', 'mountPath']), 'mountPath'),
  volumeDevices: keyed(object({ name: text, devicePath: text }, ['name', 'devicePath']), 'devicePath'),
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
  lifecycle: object({ postStart: lifecycleHandler, preStop: lifecycleHandler, stopSignal: text }),
  securityContext: anyObject,
  stdin: bool,
  stdinOnce: bool,
  tty: bool,
  terminationMessagePath: withDefault(text, '/dev/termination-log'),
  terminationMessagePolicy: withDefault(text, 'File'),
  targetContainerName: text,
}, ['name']);

