import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Container, KubeObject, PodSpec } from '../../src/api';
import { worldFromObjects } from '../../src/render';
import { parseObjects } from '../support/canonical';
import { renderAny } from './compare-case';
import { CASES, haveCases, kserveCases, type KserveCase } from './kserve-case';
import { missingParts } from './missing-parts';

/** Parts of a container that KServe's pod webhook writes; the rest is compared elsewhere. */
const INJECTED = ['image', 'args', 'env', 'volumeMounts', 'resources', 'ports'] as const satisfies readonly (keyof Container)[];

/** What a pod has by way of the webhook that ours have otherwise, by what the path ends in. */
const DIFFERENT: readonly (readonly [RegExp, string])[] = [
  [/env\[HF_[A-Z_]+\]$/, 'set for hf:// addresses only'],
  [/\[agent\]\.args\[3\]$/, 'the source is the pod\'s name, which the webhook does not know yet'],
  [/\[agent\]\.ports/, 'in serverless mode the agent\'s port is named for Knative'],
  [/\[agent\]\.env\[(SERVING_|QUEUE_|USER_PORT)/, 'copied from queue-proxy, which is not ours to read'],
  [/\[modelcar-init\]\.args\[2\]$/, 'other words of our own'],
  [/\.ports\[\d+\]\.protocol$/, 'filled in by the API server'],
];

interface InjectedPod {
  readonly case: KserveCase;
  readonly pod: KubeObject & { readonly spec: PodSpec };
}

/** Cases of several steps or without a valid resource are left out: their pods are of another input. */
function injectedPods(): readonly InjectedPod[] {
  return kserveCases().flatMap((kserve) => {
    const file = join(CASES, 'kserve', kserve.id, 'children.yaml');
    if (!existsSync(file) || !kserve.sent || existsSync(join(CASES, 'kserve', kserve.id, 'input.step2.yaml'))) return [];
    const pods = parseObjects(readFileSync(file, 'utf8')).filter((o) => o.kind === 'Pod');
    return pods.map((pod) => ({ case: kserve, pod: pod as InjectedPod['pod'] }));
  });
}

/** The template that our children have for a pod: of the same service and component, or graph. */
function templateFor(pod: KubeObject, children: readonly KubeObject[]): PodSpec | undefined {
  const labels = pod.metadata.labels ?? {};
  const same = ['serving.kserve.io/inferenceservice', 'component', 'serving.kserve.io/inferencegraph', 'app'];
  const templates = children.map((c) => (c['spec'] as { template?: { metadata: { labels: Record<string, string> }; spec: PodSpec } }).template).filter((t) => t !== undefined);
  return templates.find((t) => same.every((key) => !(key in t.metadata.labels) || t.metadata.labels[key] === labels[key]))?.spec;
}

const part = (container: Container): object => ({ name: container.name, ...Object.fromEntries(INJECTED.map((f) => [f, container[f] ?? []])) });

if (!haveCases()) {
  it.skip(`is skipped: the recorded pods of KServe are not at ${CASES}`, () => undefined);
} else {
  const pods = injectedPods().filter(({ case: c, pod }) => {
    const { world } = worldFromObjects([...c.world, ...c.input]);
    return c.id !== 'hdfs-nouri-r' && templateFor(pod, c.input.flatMap((r) => renderAny(r, world)?.children ?? [])) !== undefined;
  });

  describe('pod templates have what KServe\'s webhook injects into pods', () => {
    it('are compared for most cases', () => expect(pods.length).toBeGreaterThan(70));

    it.each(pods.map((p) => [`${p.case.id} ${p.pod.metadata.name ?? ''}`, p] as const))('%s', (_name, { case: c, pod }) => {
      const { world } = worldFromObjects([...c.world, ...c.input]);
      const ours = templateFor(pod, c.input.flatMap((r) => renderAny(r, world)?.children ?? [])) as PodSpec;
      const wanted = { initContainers: (pod.spec.initContainers ?? []).map(part), containers: pod.spec.containers.filter((x) => x.name !== 'queue-proxy' && x.name !== 'user-container').map(part) };
      const found = { initContainers: (ours.initContainers ?? []).map(part), containers: ours.containers.map(part) };
      // Type and bucket that only the storage secret knows are completed by the fetcher.
      const completed = (value: unknown): boolean => typeof value === 'string' && value.startsWith('<scheme-placeholder>://');
      const missing = missingParts(wanted, found).filter((m) => !DIFFERENT.some(([path]) => path.test(m.path)) && !completed(m.found));
      expect(missing).toEqual([]);
      for (const { name } of (pod.spec.volumes ?? [])) expect((ours.volumes ?? []).map((v) => v.name)).toContain(name);
    });
  });
}
