import { RUNTIME_IMAGE, type Container, type KubeObject, type PodSpec, type ResourceRequirements, type StringMap } from '../../api';
import type { ControllerProps } from './controller-props';

/** Answers `/healthz`, `/readyz` and `/metrics`. */
const PORT = 8080;
const PORT_NAME = 'metrics';
const RESOURCES: ResourceRequirements = { requests: { cpu: '50m', memory: '128Mi' }, limits: { cpu: '1', memory: '512Mi' } };
/** A replica finishes what is under way and gives the lease back: 10 s each at most. */
const GRACE_SECONDS = 30;

/** New objects live for one look at a service; room for more of them only makes the process larger. */
export const CONTROLLER_NODE_OPTIONS = '--max-semi-space-size=2';

export interface WorkloadOptions {
  readonly name: string;
  readonly namespace: string;
  readonly labels: StringMap;
  readonly props: ControllerProps;
}

/** The Deployment with what keeps it up, fences it in and lets it be watched. */
export function workloadObjects(options: WorkloadOptions): readonly KubeObject[] {
  const { name, namespace, labels, props } = options;
  const { replicas = 2, serviceMonitor, networkPolicy = true } = props;
  const metadata = { name, namespace, labels };
  const selector = { matchLabels: labels };
  const ports = [{ name: PORT_NAME, port: PORT, targetPort: PORT_NAME }];
  return [
    {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata,
      spec: { replicas, selector, template: { metadata: { labels }, spec: podSpec(options) } },
    },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports } },
    // With one replica a budget would only block the drain of its node.
    ...(replicas > 1 ? [{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: { maxUnavailable: 1, selector } }] : []),
    ...(networkPolicy ? [{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: { podSelector: selector, policyTypes: ['Ingress'], ingress: [{ ports: [{ protocol: 'TCP', port: PORT_NAME }] }] } }] : []),
    ...(serviceMonitor ? [{
      apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor',
      metadata: { ...metadata, labels: { ...labels, ...serviceMonitor.labels } },
      spec: { selector, endpoints: [{ port: PORT_NAME, path: '/metrics' }] },
    }] : []),
  ];
}

function podSpec({ name, labels, props }: WorkloadOptions): PodSpec {
  const { image = RUNTIME_IMAGE, imagePullPolicy = 'IfNotPresent', imagePullSecrets = [], resources = RESOURCES, namespaces, concurrency } = props;
  const probe = (path: string): object => ({ httpGet: { path, port: PORT_NAME }, periodSeconds: 10, timeoutSeconds: 2 });
  const container: Container = {
    name: 'controller',
    image,
    imagePullPolicy,
    args: [
      'controller',
      '--leader-elect', `--listen=:${PORT}`, '--log-format=json',
      ...(namespaces ? [`--namespaces=${namespaces.join(',')}`] : []),
      ...(concurrency === undefined ? [] : [`--concurrency=${concurrency}`]),
    ],
    env: [{ name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }, { name: 'NODE_OPTIONS', value: CONTROLLER_NODE_OPTIONS }],
    ports: [{ name: PORT_NAME, containerPort: PORT }],
    livenessProbe: probe('/healthz'),
    readinessProbe: probe('/readyz'),
    resources,
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false, readOnlyRootFilesystem: true, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  };
  return {
    serviceAccountName: name,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    ...(imagePullSecrets.length > 0 ? { imagePullSecrets: imagePullSecrets.map((secret) => ({ name: secret })) } : {}),
    // Two replicas on one node would leave together.
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: labels } }],
    containers: [container],
  };
}
