import type { KubeObject } from 'cdk8s-kserve/api';
import fc from 'fast-check';
import { findDifferences } from '../../../src/reconcilers/compare/find-differences';

function deployment(container: object, pod: object = {}, spec: object = {}): KubeObject {
  return {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'iris', namespace: 'ml', labels: { app: 'iris' } },
    spec: { ...spec, template: { spec: { ...pod, containers: [{ name: 'server', image: 'a:1', ...container }] } } },
  };
}

/** As an API server gives it back: identity, defaults, empty fields dropped. */
function asServed(object: KubeObject, container: object = {}, pod: object = {}): KubeObject {
  const spec = object['spec'] as { template: { spec: { containers: object[] } } };
  return {
    ...object,
    metadata: { ...object.metadata, uid: 'u', resourceVersion: '7', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: {
      replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, ...spec,
      template: {
        metadata: { creationTimestamp: null },
        spec: {
          dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', securityContext: {}, ...spec.template.spec, ...pod,
          containers: spec.template.spec.containers.map((c) => ({ imagePullPolicy: 'IfNotPresent', resources: {}, terminationMessagePath: '/dev/termination-log', ...c, ...container })),
        },
      },
    },
    status: { observedGeneration: 1 },
  };
}

describe('what does not count as a difference', () => {
  const cases: readonly [string, KubeObject, KubeObject][] = [
    ['defaults that the server filled in', deployment({}), asServed(deployment({}))],
    ['quantities in another spelling', deployment({ resources: { limits: { cpu: '1000m', memory: 2147483648 } } }), asServed(deployment({}), { resources: { limits: { cpu: '1', memory: '2Gi' } } })],
    ['zero values that the server drops', deployment({ args: [], stdin: false, workingDir: '' }, { nodeSelector: {}, hostNetwork: false }), asServed(deployment({}))],
    ['a protocol filled in beside the port', deployment({ ports: [{ containerPort: 8080 }] }), asServed(deployment({}), { ports: [{ containerPort: 8080, protocol: 'TCP' }] })],
    ['a label and an annotation of somebody else', deployment({}), { ...asServed(deployment({})), metadata: { name: 'iris', labels: { app: 'iris', 'argocd.argoproj.io/instance': 'x' }, annotations: { a: 'b' } } }],
    ['elements of a keyed list in another order', deployment({ env: [{ name: 'A', value: '1' }, { name: 'B', value: '2' }] }), asServed(deployment({}), { env: [{ name: 'B', value: '2' }, { name: 'A', value: '1' }] })],
    ['an injected sidecar', deployment({}), asServed(deployment({}), {}, { containers: [{ name: 'istio-proxy', image: 'p' }, { name: 'server', image: 'a:1' }] })],
    ['replicas that an HPA sets', deployment({}), { ...asServed(deployment({})), spec: { ...(asServed(deployment({}))['spec'] as object), replicas: 7 } }],
  ];
  test.each(cases)('%s', (_name, desired, live) => {
    expect(findDifferences(desired, live)).toEqual([]);
  });
});

describe('what does', () => {
  const cases: readonly [string, KubeObject, KubeObject, string][] = [
    ['an image edited by hand', deployment({}), asServed(deployment({}), { image: 'b:2' }), 'spec.template.spec.containers[name=server].image'],
    ['a label edited by hand', deployment({}), { ...asServed(deployment({})), metadata: { name: 'iris', labels: { app: 'x' } } }, 'metadata.labels.app'],
    ['labels removed as a whole', deployment({}), { ...asServed(deployment({})), metadata: { name: 'iris' } }, 'metadata.labels'],
    ['another amount', deployment({ resources: { limits: { cpu: '1' } } }), asServed(deployment({}), { resources: { limits: { cpu: '100m' } } }), 'spec.template.spec.containers[name=server].resources.limits.cpu'],
    ['an env value that only looks like the same amount', deployment({ env: [{ name: 'N', value: '1' }] }), asServed(deployment({}), { env: [{ name: 'N', value: '1000m' }] }), 'spec.template.spec.containers[name=server].env[name=N].value'],
    ['a removed env variable', deployment({ env: [{ name: 'N', value: '1' }] }), asServed(deployment({})), 'spec.template.spec.containers[name=server].env[name=N]'],
    ['an argument more', deployment({ args: ['--a'] }), asServed(deployment({}), { args: ['--a', '--b'] }), 'spec.template.spec.containers[name=server].args'],
    ['arguments in another order', deployment({ args: ['--a', '--b'] }), asServed(deployment({}), { args: ['--b', '--a'] }), 'spec.template.spec.containers[name=server].args[0]'],
    ['a volume of another type', deployment({}, { volumes: [{ name: 'v', emptyDir: {} }] }), asServed(deployment({}), {}, { volumes: [{ name: 'v', hostPath: { path: '/' } }] }), 'spec.template.spec.volumes[name=v].emptyDir'],
    ['zero where there is more', deployment({}, {}, { replicas: 0 }), deployment({}, {}, { replicas: 3 }), 'spec.replicas'],
  ];
  test.each(cases)('%s', (_name, desired, live, path) => {
    expect(findDifferences(desired, live)[0]).toBe(path);
  });

  test('a container that somebody adds to a custom resource, whose lists are kept as one piece', () => {
    const ksvc = (...names: string[]): KubeObject => ({
      apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'iris' },
      spec: { template: { spec: { containers: names.map((name) => ({ name, image: 'a:1' })) } } },
    });
    expect(findDifferences(ksvc('server'), ksvc('server'))).toEqual([]);
    expect(findDifferences(ksvc('server'), ksvc('server', 'miner'))).toEqual(['spec.template.spec.containers']);
  });

  test('an owner reference that was taken away', () => {
    const owner = { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', name: 'iris', uid: 'u1', controller: true };
    const desired: KubeObject = { ...deployment({}), metadata: { name: 'iris', ownerReferences: [owner] } };
    expect(findDifferences(desired, { ...desired, metadata: { name: 'iris' } })[0]).toContain('metadata.ownerReferences[uid=u1]');
    const another = { ...owner, uid: 'u2', controller: false };
    expect(findDifferences(desired, { ...desired, metadata: { name: 'iris', ownerReferences: [another, owner] } })).toEqual([]);
  });
});

// Arbitrary trees: objects and positional lists of non-zero scalars under names that mean nothing special.
const name = fc.constantFrom('alpha', 'beta', 'gamma', 'delta');
const scalar = fc.oneof(fc.string({ minLength: 1 }), fc.integer({ min: 1 }), fc.constant(true));
const tree = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof({ maxDepth: 4 }, scalar, fc.dictionary(name, tie('node'), { minKeys: 1, maxKeys: 3 }), fc.array(tie('node'), { minLength: 1, maxLength: 3 })),
})).node;

function object(spec: unknown): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' }, spec };
}

/** Adds a field to every object of the tree, as servers and other managers do. */
function decorated(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(decorated);
  }
  if (typeof value === 'object' && value !== null) {
    return { added: 'by the server', ...Object.fromEntries(Object.entries(value).map(([k, v]) => [k, decorated(v)])) };
  }
  return value;
}

/** Paths of all scalars. */
function leaves(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([k, v]) => leaves(v, [...path, Array.isArray(value) ? Number(k) : k]))
    : [[...path]];
}

function replaced(value: unknown, path: readonly (string | number)[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined) {
    return 'something else entirely';
  }
  const below = (value as Record<string | number, unknown>)[step];
  return Array.isArray(value)
    ? value.map((v: unknown, i) => (i === step ? replaced(v, rest) : v))
    : { ...(value as object), [step]: replaced(below, rest) };
}

describe('for any content', () => {
  test('what others add never counts', () => {
    fc.assert(fc.property(tree, (spec) => expect(findDifferences(object(spec), object(decorated(spec)))).toEqual([])));
  });

  test('every change of a value that we set is found, and nothing else is reported', () => {
    fc.assert(
      fc.property(tree, fc.nat(), (spec, seed) => {
        const all = leaves(spec);
        const path = all[seed % all.length] ?? [];
        expect(findDifferences(object(spec), object(decorated(replaced(spec, path))))).toHaveLength(1);
      }),
    );
  });
});
