import { AGENT_PORT, CONTAINER, MODEL_DIR, SERVER_PORT, type Container, type ContainerPort, type PodSpec, type Probe, type VolumeMount } from '../../api';
import type { ComponentMetadata } from '../metadata';
import { accountCredentials } from '../storage/credentials/account';
import { joinCredentials, NO_CREDENTIALS, type Credentials } from '../storage/credentials/credentials';
import { withVolumes } from '../storage/model-mount';
import type { Decision, World } from '../types';
import { isMultiModel, modelConfigName } from '../multi-model/multi-model';
import { agentArgs, CONFIG_DIR } from './agent-args';
import type { AgentRequest } from './agent-request';

/** Account whose secrets let the agent write logs into a bucket, unless the logger names one. */
const LOGGER_ACCOUNT = 'logger-sa';
const CA_VOLUME = 'agent-ca-bundle';
const CA_DIR = '/etc/tls/logger';
const MODEL_VOLUME = 'model-dir';
const CONFIG_VOLUME = 'model-config';

export interface AgentPod {
  readonly pod: PodSpec;
  readonly present: boolean;
  readonly decisions: readonly Decision[];
}

/**
 * Puts the agent before a component's server where requests are logged or batched, and beside a server of several models,
 * whose files it fetches. It takes the requests, so in
 * serverless mode it is the container with the port.
 *
 * KServe differs: the sidecar stands in the template, a webhook adds it upstream; explainers do not batch there either.
 */
export function withAgent(request: AgentRequest, metadata: ComponentMetadata, world: World): AgentPod {
  const { extension, role, pod, mode } = request;
  const { logger } = extension;
  const batcher = role === 'explainer' ? undefined : extension.batcher;
  const pulls = role === 'predictor' && isMultiModel(request.service.spec.predictor);
  const takes = logger !== undefined || batcher !== undefined;
  if ((!takes && !pulls) || pod.containers.some((c) => c.name === CONTAINER.agent)) return { pod, present: false, decisions: [] };
  const entry = pod.containers.find((c) => c.name === CONTAINER.transformer) ?? pod.containers[0];
  const port = entry?.ports?.[0];
  const componentPort = port?.containerPort ?? SERVER_PORT;
  const credentials = logCredentials(request, world);
  const agent = agentContainer(request, metadata, world, entry, port, componentPort, credentials);
  const serving = takes && mode === 'Knative' ? pod.containers.map((c) => (c === entry ? asSidecar(c) : c)) : pod.containers;
  const servers = pulls ? serving.map((c, i) => (pod.containers[i] === entry ? withMount(c, { name: MODEL_VOLUME, mountPath: MODEL_DIR }) : c)) : serving;
  const caBundle = world.config.logger.caBundle;
  const modelVolumes = pulls ? [{ name: MODEL_VOLUME, emptyDir: {} }, { name: CONFIG_VOLUME, configMap: { name: modelConfigName(request.service.metadata.name) } }] : [];
  const volumes = [...credentials.volumes, ...modelVolumes, ...(logger && caBundle ? [{ name: CA_VOLUME, configMap: { name: caBundle, optional: true } }] : [])];
  const does = [...(logger ? ['logs'] : []), ...(batcher ? ['batches'] : [])].join(' and ');
  const pulling: readonly Decision[] = pulls ? [{ topic: 'agent', choice: 'an agent fetches the models and has the server load them', because: 'the predictor has no model of its own' }] : [];
  const taking: readonly Decision[] = does === '' ? [] : [{ topic: 'agent', choice: `an agent ${does} requests of the ${role}`, because: `${request.path}.${logger ? 'logger' : 'batcher'} is set` }];
  return {
    pod: withVolumes({ ...pod, containers: [...servers, agent] }, volumes),
    // Only where it takes the requests do they go to its port.
    present: takes,
    decisions: [...pulling, ...taking, ...credentials.decisions],
  };
}

function agentContainer(
  request: AgentRequest, metadata: ComponentMetadata, world: World, entry: Container | undefined, port: ContainerPort | undefined, componentPort: number, credentials: Credentials,
): Container {
  const { image, cpuRequest, cpuLimit, memoryRequest, memoryLimit } = world.config.agent;
  const probe = probedBy(entry, componentPort);
  const logs = request.extension.logger !== undefined;
  // Knative lets one container have a port and probes; beside a server that takes its own requests the agent has none.
  const takesRequests = request.mode === 'Standard' || logs || request.extension.batcher !== undefined;
  const pulls = request.role === 'predictor' && isMultiModel(request.service.spec.predictor);
  const modelMounts = pulls ? [{ name: MODEL_VOLUME, mountPath: MODEL_DIR }, { name: CONFIG_VOLUME, mountPath: CONFIG_DIR, readOnly: true }] : [];
  const mounts = [...credentials.mounts, ...modelMounts, ...(logs && world.config.logger.caBundle ? [{ name: CA_VOLUME, mountPath: CA_DIR, readOnly: true }] : [])];
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
    ...(takesRequests ? entrance(request, probe, port) : {}),
    resources: { limits: { cpu: cpuLimit, memory: memoryLimit }, requests: { cpu: cpuRequest, memory: memoryRequest } },
    ...(entry?.securityContext ? { securityContext: entry.securityContext } : {}),
    ...(mounts.length > 0 ? { volumeMounts: mounts } : {}),
  };
}

/** Port and probe of an agent; on the port it stands where the server would. */
function entrance({ mode }: AgentRequest, probe: Probe, port: ContainerPort | undefined): Pick<Container, 'ports' | 'readinessProbe'> {
  const http2 = port?.name !== undefined && /grpc|h2c/.test(port.name);
  return {
    ports: [{ containerPort: AGENT_PORT, name: mode === 'Knative' ? (http2 ? 'h2c' : 'http1') : 'agent-port', protocol: 'TCP' }],
    readinessProbe: {
      httpGet: { path: probe.httpGet?.path ?? '/', port: AGENT_PORT, httpHeaders: [{ name: 'K-Network-Probe', value: 'queue' }] },
      timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3,
    },
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

function withMount(container: Container, mount: VolumeMount): Container {
  const mounts = container.volumeMounts ?? [];
  return mounts.some((m) => m.mountPath === mount.mountPath) ? container : { ...container, volumeMounts: [...mounts, mount] };
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
