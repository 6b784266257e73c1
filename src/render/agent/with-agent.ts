import { AGENT_PORT, CONTAINER, SERVER_PORT, type Container, type ContainerPort, type PodSpec, type Probe } from '../../api';
import type { ComponentMetadata } from '../metadata';
import { accountCredentials } from '../storage/credentials/account';
import { joinCredentials, NO_CREDENTIALS, type Credentials } from '../storage/credentials/credentials';
import { withVolumes } from '../storage/model-mount';
import type { Decision, World } from '../types';
import { agentArgs } from './agent-args';
import type { AgentRequest } from './agent-request';

/** Account whose secrets let the agent write logs into a bucket, unless the logger names one. */
const LOGGER_ACCOUNT = 'logger-sa';
const CA_VOLUME = 'agent-ca-bundle';
const CA_DIR = '/etc/tls/logger';

export interface AgentPod {
  readonly pod: PodSpec;
  readonly present: boolean;
  readonly decisions: readonly Decision[];
}

/**
 * Puts the agent before a component's server where requests are logged or batched. It takes the requests, so in
 * serverless mode it is the container with the port.
 *
 * KServe differs: the sidecar stands in the template, a webhook adds it upstream; explainers do not batch there either.
 */
export function withAgent(request: AgentRequest, metadata: ComponentMetadata, world: World): AgentPod {
  const { extension, role, pod, mode } = request;
  const { logger } = extension;
  const batcher = role === 'explainer' ? undefined : extension.batcher;
  if ((!logger && !batcher) || pod.containers.some((c) => c.name === CONTAINER.agent)) return { pod, present: false, decisions: [] };
  const entry = pod.containers.find((c) => c.name === CONTAINER.transformer) ?? pod.containers[0];
  const port = entry?.ports?.[0];
  const componentPort = port?.containerPort ?? SERVER_PORT;
  const credentials = logCredentials(request, world);
  const agent = agentContainer(request, metadata, world, entry, port, componentPort, credentials);
  const servers = mode === 'Knative' ? pod.containers.map((c) => (c === entry ? asSidecar(c) : c)) : pod.containers;
  const caBundle = world.config.logger.caBundle;
  const volumes = [...credentials.volumes, ...(logger && caBundle ? [{ name: CA_VOLUME, configMap: { name: caBundle, optional: true } }] : [])];
  const does = [...(logger ? ['logs'] : []), ...(batcher ? ['batches'] : [])].join(' and ');
  return {
    pod: withVolumes({ ...pod, containers: [...servers, agent] }, volumes),
    present: true,
    decisions: [{ topic: 'agent', choice: `an agent ${does} requests of the ${role}`, because: `${request.path}.${logger ? 'logger' : 'batcher'} is set` }, ...credentials.decisions],
  };
}

function agentContainer(
  request: AgentRequest, metadata: ComponentMetadata, world: World, entry: Container | undefined, port: ContainerPort | undefined, componentPort: number, credentials: Credentials,
): Container {
  const { image, cpuRequest, cpuLimit, memoryRequest, memoryLimit } = world.config.agent;
  const probe = probedBy(entry, componentPort);
  const http2 = port?.name !== undefined && /grpc|h2c/.test(port.name);
  const logs = request.extension.logger !== undefined;
  const mounts = [...credentials.mounts, ...(logs && world.config.logger.caBundle ? [{ name: CA_VOLUME, mountPath: CA_DIR, readOnly: true }] : [])];
  return {
    name: CONTAINER.agent,
    image,
    imagePullPolicy: 'IfNotPresent',
    args: agentArgs(request, metadata, world.config, componentPort),
    env: [
      // Knative refuses references to fields of the pod unless its operator allows them.
      ...(logs && request.mode === 'Standard' ? [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] : []),
      { name: 'SERVING_READINESS_PROBE', value: probeJson(probe) },
      ...credentials.env,
    ],
    ports: [{ containerPort: AGENT_PORT, name: request.mode === 'Knative' ? (http2 ? 'h2c' : 'http1') : 'agent-port', protocol: 'TCP' }],
    readinessProbe: {
      httpGet: { path: probe.httpGet?.path ?? '/', port: AGENT_PORT, httpHeaders: [{ name: 'K-Network-Probe', value: 'queue' }] },
      timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3,
    },
    resources: { limits: { cpu: cpuLimit, memory: memoryLimit }, requests: { cpu: cpuRequest, memory: memoryRequest } },
    ...(entry?.securityContext ? { securityContext: entry.securityContext } : {}),
    ...(mounts.length > 0 ? { volumeMounts: mounts } : {}),
  };
}

/**
 * What the agent asks before it says that it is ready.
 *
 * KServe differs: a server with an exec or gRPC probe is asked whether its port is open; upstream's agent exits.
 */
function probedBy(entry: Container | undefined, componentPort: number): Probe {
  const probe = entry?.readinessProbe;
  if (probe?.httpGet || probe?.tcpSocket) return probe;
  return { tcpSocket: { port: componentPort }, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
}

/** A probe as Go writes it: in a fixed order, whatever the manifest's, since the text stands in a pod template. */
function probeJson({ httpGet, tcpSocket, initialDelaySeconds, timeoutSeconds, periodSeconds, successThreshold, failureThreshold }: Probe): string {
  const http = httpGet && { path: httpGet.path, port: httpGet.port, host: httpGet.host, scheme: httpGet.scheme, httpHeaders: httpGet.httpHeaders };
  const tcp = tcpSocket && { port: tcpSocket.port, host: tcpSocket.host };
  return JSON.stringify({ httpGet: http, tcpSocket: tcp, initialDelaySeconds, timeoutSeconds, periodSeconds, successThreshold, failureThreshold });
}

function logCredentials({ extension, service, path }: AgentRequest, world: World): Credentials {
  const storage = extension.logger?.storage;
  if (!storage) return NO_CREDENTIALS;
  const context = { namespace: service.metadata.namespace ?? 'default', annotations: {}, world, path: `${path}.logger.storage` };
  return joinCredentials([accountCredentials(storage.serviceAccountName ?? LOGGER_ACCOUNT, context)]);
}

/**
 * The server beside an agent in a Knative revision. Knative takes the one container with a port for the one that serves
 * and lets no other have probes; the agent asks the server for its readiness.
 */
function asSidecar(container: Container): Container {
  const { ports: _ports, readinessProbe: _readiness, livenessProbe: _liveness, startupProbe: _startup, ...rest } = container;
  return rest;
}
