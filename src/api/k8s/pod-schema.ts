import { anyObj, bool, fieldsAsIn, int, intOrString, listOf, mapOf, obj, podPart, str, stringMap } from '../schema/build';
import type { StructuralSchema } from '../schema/structural-schema';
import type { Container, ContainerPort, EnvVar, PodFields, Probe, ResourceRequirements, VolumeMount } from './pod';

type Schemas<T> = Record<keyof T, StructuralSchema>;

const quantities = mapOf(intOrString());

export const resourcesSchema = podPart(
  obj({ limits: quantities, requests: quantities, claims: listOf(anyObj()) } satisfies Schemas<ResourceRequirements>),
);

const envSchema = podPart(
  listOf(
    obj(
      {
        name: str(),
        value: str(),
        valueFrom: obj({ configMapKeyRef: anyObj(), fieldRef: anyObj(), fileKeyRef: anyObj(), resourceFieldRef: anyObj(), secretKeyRef: anyObj() }),
      } satisfies Schemas<EnvVar>,
      { required: ['name'] },
    ),
  ),
);

const portsSchema = podPart(
  listOf(
    obj(
      {
        containerPort: int({ minimum: 1, maximum: 65535 }),
        name: str(),
        protocol: str({ enum: ['TCP', 'UDP', 'SCTP'] }),
        hostPort: int({ minimum: 0, maximum: 65535 }),
        hostIP: str(),
      } satisfies Schemas<ContainerPort>,
      { required: ['containerPort'] },
    ),
  ),
);

const volumeMountsSchema = podPart(
  listOf(
    obj(
      { name: str(), mountPath: str(), subPath: str(), subPathExpr: str(), readOnly: bool(), mountPropagation: str(), recursiveReadOnly: str() } satisfies Schemas<VolumeMount>,
      { required: ['name', 'mountPath'] },
    ),
  ),
);

const probeSchema = podPart(
  obj({
    httpGet: obj({ path: str(), port: intOrString(), scheme: str(), host: str(), httpHeaders: listOf(anyObj()) }),
    tcpSocket: obj({ port: intOrString(), host: str() }),
    exec: obj({ command: listOf(str()) }),
    grpc: obj({ port: int(), service: str() }),
    initialDelaySeconds: int({ minimum: 0 }),
    timeoutSeconds: int({ minimum: 0 }),
    periodSeconds: int({ minimum: 0 }),
    successThreshold: int({ minimum: 0 }),
    failureThreshold: int({ minimum: 0 }),
    terminationGracePeriodSeconds: int({ minimum: 0 }),
  } satisfies Schemas<Probe>),
);

/** The fields of core/v1 Container. */
export const containerFields = fieldsAsIn('pod.spec.containers', {
  name: str(),
  image: str(),
  imagePullPolicy: str({ enum: ['Always', 'IfNotPresent', 'Never'] }),
  command: listOf(str()),
  args: listOf(str()),
  workingDir: str(),
  env: envSchema,
  envFrom: podPart(listOf(obj({ configMapRef: anyObj(), secretRef: anyObj(), prefix: str() }))),
  ports: portsSchema,
  resources: resourcesSchema,
  resizePolicy: podPart(listOf(anyObj())),
  volumeMounts: volumeMountsSchema,
  volumeDevices: podPart(listOf(anyObj())),
  livenessProbe: probeSchema,
  readinessProbe: probeSchema,
  startupProbe: probeSchema,
  lifecycle: anyObj(),
  restartPolicy: str(),
  restartPolicyRules: podPart(listOf(anyObj())),
  securityContext: podPart(
    obj({
      allowPrivilegeEscalation: bool(), appArmorProfile: anyObj(), capabilities: obj({ add: listOf(str()), drop: listOf(str()) }), privileged: bool(), procMount: str(),
      readOnlyRootFilesystem: bool(), runAsGroup: int(), runAsNonRoot: bool(), runAsUser: int(), seLinuxOptions: anyObj(), seccompProfile: anyObj(), windowsOptions: anyObj(),
    }),
  ),
  stdin: bool(),
  stdinOnce: bool(),
  tty: bool(),
  terminationMessagePath: str(),
  terminationMessagePolicy: str({ enum: ['File', 'FallbackToLogsOnError'] }),
} satisfies Schemas<Container>);

/** More than any pod has; the API server needs a bound to estimate what a CEL rule over containers costs. */
const MAX_CONTAINERS = 64;

const containerSchema = obj(containerFields, { required: ['name'] });
/** A list of containers whose names may be filled in by defaulting. */
export const containersSchema = podPart(listOf(obj(containerFields), { maxItems: MAX_CONTAINERS }));

/** The pod fields that a component inlines beside its own. */
export const podFields = fieldsAsIn('pod.spec', {
  volumes: podPart(listOf(anyObj({ properties: { name: str() }, required: ['name'] }))),
  initContainers: podPart(listOf(containerSchema)),
  ephemeralContainers: podPart(listOf(anyObj())),
  restartPolicy: str(),
  terminationGracePeriodSeconds: int({ minimum: 0 }),
  activeDeadlineSeconds: int({ minimum: 0 }),
  dnsPolicy: str(),
  nodeSelector: stringMap(),
  serviceAccountName: str(),
  serviceAccount: str(),
  automountServiceAccountToken: bool(),
  nodeName: str(),
  hostNetwork: bool(),
  hostPID: bool(),
  hostIPC: bool(),
  shareProcessNamespace: bool(),
  securityContext: anyObj(),
  imagePullSecrets: listOf(obj({ name: str() })),
  hostname: str(),
  subdomain: str(),
  affinity: podPart(obj({ nodeAffinity: anyObj(), podAffinity: anyObj(), podAntiAffinity: anyObj() })),
  schedulerName: str(),
  tolerations: podPart(listOf(obj({ key: str(), operator: str(), value: str(), effect: str(), tolerationSeconds: int() }))),
  hostAliases: podPart(listOf(anyObj())),
  priorityClassName: str(),
  priority: int(),
  dnsConfig: anyObj(),
  readinessGates: podPart(listOf(anyObj())),
  runtimeClassName: str(),
  enableServiceLinks: bool(),
  preemptionPolicy: str(),
  overhead: anyObj(),
  topologySpreadConstraints: podPart(listOf(anyObj())),
  setHostnameAsFQDN: bool(),
  os: anyObj(),
  hostUsers: bool(),
  schedulingGates: podPart(listOf(anyObj())),
  resourceClaims: podPart(listOf(anyObj())),
  resources: resourcesSchema,
  hostnameOverride: str(),
} satisfies Schemas<PodFields>);
