import { Chart, JsonPatch, Testing } from 'cdk8s';
import { BUILT_IN_RUNTIMES, customResourceDefinitions, parsePlatformConfig, type KubeObject } from '../../../src/api';
import { Controller, Platform, type ControllerProps } from '../../../src';
import { newChart, ofKind, synth } from './support';

function install(props?: ControllerProps): readonly KubeObject[] {
  const chart = newChart('ignored');
  new Controller(chart, 'controller', props);
  return synth(chart);
}

function only(objects: readonly KubeObject[], kind: string): KubeObject {
  const [first, ...more] = ofKind(objects, kind);
  if (!first || more.length > 0) throw new Error(`expected one ${kind}`);
  return first;
}

interface PodTemplate { readonly template: { readonly spec: { readonly serviceAccountName: string; readonly containers: readonly { readonly args: readonly string[]; readonly env: readonly object[]; readonly securityContext: object }[] } } }

describe('Controller', () => {
  test('installs CRDs, runtimes, access and a fenced Deployment of two replicas', () => {
    const objects = install();
    expect(ofKind(objects, 'CustomResourceDefinition')).toHaveLength(customResourceDefinitions().length);
    expect(ofKind(objects, 'ClusterServingRuntime')).toHaveLength(BUILT_IN_RUNTIMES.length);
    const deployment = only(objects, 'Deployment');
    const { template: { spec } } = deployment['spec'] as PodTemplate;
    expect(deployment['spec']).toMatchObject({ replicas: 2 });
    expect(spec.serviceAccountName).toBe(only(objects, 'ServiceAccount').metadata.name);
    expect(spec.containers[0]?.args).toEqual(['controller', '--leader-elect', '--listen=:8080', '--log-format=json']);
    expect(spec.containers[0]?.env).toContainEqual({ name: 'NODE_OPTIONS', value: '--max-semi-space-size=2' });
    expect(spec.containers[0]?.securityContext).toMatchObject({ readOnlyRootFilesystem: true, runAsNonRoot: true });
    expect(only(objects, 'PodDisruptionBudget')['spec']).toMatchObject({ maxUnavailable: 1 });
    expect(only(objects, 'NetworkPolicy')['spec']).toMatchObject({ policyTypes: ['Ingress'] });
    expect(ofKind(objects, 'ServiceMonitor')).toHaveLength(0);
    expect(ofKind(objects, 'ConfigMap')).toHaveLength(0);
  });

  test('puts no namespace on what has none, and everything else into its own', () => {
    const clusterScoped = ['Namespace', 'CustomResourceDefinition', 'ClusterServingRuntime', 'ClusterRole', 'ClusterRoleBinding'];
    for (const object of install()) {
      expect([object.kind, object.metadata.namespace]).toEqual([object.kind, clusterScoped.includes(object.kind) ? undefined : 'kserve']);
    }
  });

  test('may not list secrets, write outside its kinds, or use wildcards', () => {
    const rules = install().filter((o) => o.kind === 'ClusterRole' || o.kind === 'Role').flatMap((o) => o['rules'] as { resources: string[]; verbs: string[]; apiGroups: string[] }[]);
    expect(rules.filter((r) => r.resources.includes('secrets')).map((r) => r.verbs)).toEqual([['get']]);
    expect(rules.flatMap((r) => [...r.apiGroups, ...r.resources, ...r.verbs])).not.toContain('*');
  });

  test('of tenants gets a Role in each of their namespaces and nothing cluster-wide but runtimes and Gateways to read', () => {
    const objects = install({ namespace: 'serving', namespaces: ['team-a', 'team-b'] });
    expect(ofKind(objects, 'CustomResourceDefinition')).toHaveLength(0);
    expect(ofKind(objects, 'RoleBinding').map((o) => o.metadata.namespace)).toEqual(['team-a', 'team-b', 'serving']);
    const verbs = ['get', 'list', 'watch'];
    expect(only(objects, 'ClusterRole')['rules']).toEqual([
      { apiGroups: ['serving.kserve.io'], resources: ['clusterservingruntimes', 'clusterstoragecontainers'], verbs },
      { apiGroups: ['gateway.networking.k8s.io'], resources: ['gateways', 'gatewayclasses'], verbs },
    ]);
    const { template } = only(objects, 'Deployment')['spec'] as PodTemplate;
    expect(template.spec.containers[0]?.args).toContain('--namespaces=team-a,team-b');
  });

  test('carries the configuration of its Platform in the words that the controller reads', () => {
    const chart = newChart();
    Platform.of(chart, { mode: 'RawDeployment', domain: 'models.example.com', gateway: 'traefik/gateway' });
    new Controller(chart, 'controller');
    const { config, problems } = parsePlatformConfig(only(synth(chart), 'ConfigMap')['data'] as Record<string, string>);
    expect(problems).toEqual([]);
    expect(config).toEqual(Platform.configFor(chart));
  });

  test('has a ServiceMonitor with the labels that Prometheus selects by', () => {
    const monitor = only(install({ serviceMonitor: { labels: { release: 'prometheus' } } }), 'ServiceMonitor');
    expect(monitor.metadata.labels).toMatchObject({ release: 'prometheus' });
    expect(monitor['spec']).toMatchObject({ endpoints: [{ port: 'metrics', path: '/metrics' }] });
  });

  test('of one replica has no budget, which would only block the drain of its node', () => {
    expect(ofKind(install({ replicas: 1 }), 'PodDisruptionBudget')).toHaveLength(0);
  });

  test('lets one object be patched', () => {
    const chart = newChart();
    new Controller(chart, 'controller').apiObject('Deployment').addJsonPatch(JsonPatch.add('/spec/template/spec/priorityClassName', 'system-cluster-critical'));
    expect(only(synth(chart), 'Deployment')).toMatchObject({ spec: { template: { spec: { priorityClassName: 'system-cluster-critical' } } } });
  });

  test.each<[string, ControllerProps, RegExp]>([
    ['no namespace to look after', { namespaces: [] }, /chart\/controller: namespaces is an empty list/],
    ['a namespace that cannot be one', { namespace: 'My_Team' }, /"My_Team" is no name of a namespace/],
    ['no replica', { replicas: 0 }, /replicas must be an integer >= 1, got 0/],
    ['half a worker', { concurrency: 0.5 }, /concurrency must be an integer >= 1, got 0.5/],
  ])('refuses %s', (_what, props, message) => {
    expect(() => new Controller(new Chart(Testing.app(), 'chart'), 'controller', props)).toThrow(message);
  });
});
