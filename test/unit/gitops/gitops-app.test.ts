import { ApiObject, Chart } from 'cdk8s';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { GitOpsApp } from '../../../src';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'gitops-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function synth(build: (chart: Chart) => void, kustomization = true): void {
  const app = new GitOpsApp({ outdir: folder, kustomization });
  const first = new Chart(app, 'first', { namespace: 'shop' });
  build(first);
  const second = new Chart(app, 'second');
  second.addDependency(first);
  app.synth();
}

const object = (chart: Chart, kind: string, name: string, apiVersion = 'v1', namespace?: string): ApiObject => new ApiObject(chart, `${apiVersion}-${kind}-${name}-${namespace ?? ''}`, { apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}) } });
const files = (): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => relative(folder, join(e.parentPath, e.name))).sort();

describe('GitOpsApp', () => {
  it('writes one file an object by namespace, listed in a kustomization, without numbers or metadata', () => {
    process.env['CDK8S_RECORD_CONSTRUCT_METADATA'] = 'true';
    try {
      synth((c) => {
        object(c, 'Service', 'iris');
        object(c, 'Service', 'iris', 'serving.knative.dev/v1');
        object(c, 'ConfigMap', 'settings', 'v1', 'other');
        object(c, 'ConfigMap', 'settings');
      });
    } finally {
      delete process.env['CDK8S_RECORD_CONSTRUCT_METADATA'];
    }
    const manifests = ['other/configmap-settings.yaml', 'shop/configmap-settings.yaml', 'shop/service-iris.yaml', 'shop/service.serving.knative.dev-iris.yaml'];
    expect(files()).toEqual(['.cdk8s-kserve-files', 'kustomization.yaml', ...manifests]);
    expect(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')).toBe(`apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n${manifests.map((m) => `  - ${m}\n`).join('')}`);
  });

  it('removes what it wrote and no longer writes, and nothing else', () => {
    synth((c) => { object(c, 'ConfigMap', 'a'); object(c, 'ConfigMap', 'b', 'v1', 'gone'); });
    writeFileSync(join(folder, 'README.md'), 'mine');
    writeFileSync(join(folder, 'shop/mine.yaml'), 'mine: true');
    synth((c) => object(c, 'ConfigMap', 'c'));
    expect(files()).toEqual(['.cdk8s-kserve-files', 'README.md', 'kustomization.yaml', 'shop/configmap-c.yaml', 'shop/mine.yaml']);
    expect(existsSync(join(folder, 'gone'))).toBe(false);
  });

  it('does not touch files that did not change', () => {
    synth((c) => object(c, 'ConfigMap', 'a'));
    const before = statSync(join(folder, 'shop/configmap-a.yaml'), { bigint: true }).mtimeNs;
    synth((c) => object(c, 'ConfigMap', 'a'));
    expect(statSync(join(folder, 'shop/configmap-a.yaml'), { bigint: true }).mtimeNs).toBe(before);
  });

  it('stops before it overwrites a file of somebody else', () => {
    writeFileSync(join(folder, 'kustomization.yaml'), 'resources: []\n');
    expect(() => synth((c) => object(c, 'ConfigMap', 'a'))).toThrow('was not written by this app');
    expect(files()).toEqual(['kustomization.yaml']);
    synth((c) => object(c, 'ConfigMap', 'a'), false);
    expect(files()).toContain('shop/configmap-a.yaml');
  });

  it('never follows its list out of the folder', () => {
    const outside = join(folder, '..', `outside-${process.pid}.txt`);
    writeFileSync(outside, 'keep');
    try {
      writeFileSync(join(folder, '.cdk8s-kserve-files'), `../outside-${process.pid}.txt\n${outside}\nshop/../../outside-${process.pid}.txt\n`);
      synth((c) => object(c, 'ConfigMap', 'a'));
      expect(readFileSync(outside, 'utf8')).toBe('keep');
    } finally {
      rmSync(outside, { force: true });
    }
  });

  it('refuses two objects of one identity', () => {
    expect(() => synth((c) => { object(c, 'ConfigMap', 'a'); object(c, 'ConfigMap', 'a', 'v1', 'shop'); })).toThrow('two objects are ConfigMap "a"');
  });
});
