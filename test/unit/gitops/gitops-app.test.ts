import { ApiObject, Chart } from 'cdk8s';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { GitOpsApp } from '../../../src';
import { IsvcError } from '../../../src/api';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'gitops-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function synth(build: (chart: Chart) => void, kustomization = true, outdir = folder): void {
  const app = new GitOpsApp({ outdir, kustomization });
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

  describe('with a file that was edited by hand', () => {
    const edited = (): string => join(folder, 'shop/configmap-a.yaml');
    const withData = (c: Chart, data: string): void => void new ApiObject(c, 'a', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { value: data } });
    beforeEach(() => {
      synth((c) => withData(c, 'first'));
      writeFileSync(edited(), 'mine: true\n');
    });

    it('stops before it overwrites it, and says the way out', () => {
      expect(() => synth((c) => { withData(c, 'second'); object(c, 'ConfigMap', 'b'); })).toThrow(`${edited()}: was edited after this app had written it; move the change into the app, then delete the file`);
      expect(readFileSync(edited(), 'utf8')).toBe('mine: true\n');
      expect(files()).not.toContain('shop/configmap-b.yaml');
      rmSync(edited());
      synth((c) => withData(c, 'second'));
      expect(readFileSync(edited(), 'utf8')).toContain('value: second');
    });

    it('stops before it deletes it', () => {
      expect(() => synth((c) => object(c, 'ConfigMap', 'b'))).toThrow('and the app no longer writes it; rename it to keep it, or delete it');
      expect(readFileSync(edited(), 'utf8')).toBe('mine: true\n');
    });

    it('goes on when the edit is what the app writes now', () => {
      synth((c) => { withData(c, 'second'); }, false, join(folder, 'elsewhere'));
      writeFileSync(edited(), readFileSync(join(folder, 'elsewhere/shop/configmap-a.yaml'), 'utf8'));
      synth((c) => withData(c, 'second'));
      expect(readFileSync(edited(), 'utf8')).toContain('value: second');
    });

    it('takes other line ends for no edit', () => {
      rmSync(edited());
      synth((c) => withData(c, 'first'));
      writeFileSync(edited(), readFileSync(edited(), 'utf8').replaceAll('\n', '\r\n'));
      synth((c) => withData(c, 'second'));
      expect(readFileSync(edited(), 'utf8')).toContain('value: second');
    });

    it('trusts a list without hashes, as older versions wrote it', () => {
      writeFileSync(join(folder, '.cdk8s-kserve-files'), 'kustomization.yaml\nshop/configmap-a.yaml\n');
      synth((c) => withData(c, 'second'));
      expect(readFileSync(edited(), 'utf8')).toContain('value: second');
    });
  });

  describe('with links', () => {
    let outside: string;
    beforeEach(() => { outside = mkdtempSync(join(tmpdir(), 'gitops-outside-')); });
    afterEach(() => rmSync(outside, { recursive: true, force: true }));

    it('never writes through a linked folder out of its own', () => {
      symlinkSync(outside, join(folder, 'shop'));
      expect(() => synth((c) => object(c, 'ConfigMap', 'a'))).toThrow('shop: is a link that leads out of the folder');
      expect(readdirSync(outside)).toEqual([]);
    });

    it('never deletes through one', () => {
      synth((c) => object(c, 'ConfigMap', 'a', 'v1', 'gone'));
      cpSync(join(folder, 'gone'), outside, { recursive: true });
      rmSync(join(folder, 'gone'), { recursive: true });
      symlinkSync(outside, join(folder, 'gone'));
      expect(() => synth((c) => object(c, 'ConfigMap', 'b'))).toThrow('gone: is a link that leads out of the folder');
      expect(readdirSync(outside)).toEqual(['configmap-a.yaml']);
    });

    it('never writes through a linked file, nor one that leads nowhere yet', () => {
      symlinkSync(join(outside, 'new.yaml'), join(folder, 'kustomization.yaml'));
      expect(() => synth((c) => object(c, 'ConfigMap', 'a'))).toThrow('kustomization.yaml: is a link that leads out of the folder');
      expect(readdirSync(outside)).toEqual([]);
    });

    it('follows links that stay inside', () => {
      mkdirSync(join(folder, 'real'));
      symlinkSync('real', join(folder, 'shop'));
      synth((c) => object(c, 'ConfigMap', 'a'));
      expect(readdirSync(join(folder, 'real'))).toEqual(['configmap-a.yaml']);
    });
  });

  it.each<[string, () => void, string]>([
    ['a folder where a file must be', () => mkdirSync(join(folder, 'shop/configmap-a.yaml'), { recursive: true }), 'configmap-a.yaml: is a folder where a file must be'],
    ['a file where a folder must be', () => writeFileSync(join(folder, 'shop'), ''), 'shop: is a file where a folder must be'],
    ['a list that names the folder itself', () => writeFileSync(join(folder, '.cdk8s-kserve-files'), '.\n'), '"." is no file'],
    ['a list that names a folder', () => { mkdirSync(join(folder, 'mine')); writeFileSync(join(folder, '.cdk8s-kserve-files'), 'mine\n'); }, 'mine: is a folder where a file must be'],
    ['a folder in the place of the list', () => mkdirSync(join(folder, '.cdk8s-kserve-files')), '.cdk8s-kserve-files: is a folder where a file must be'],
  ])('names %s', (_what, arrange, text) => {
    arrange();
    const run = (): void => synth((c) => object(c, 'ConfigMap', 'a'));
    expect(run).toThrow(IsvcError);
    expect(run).toThrow(text);
    expect(existsSync(folder)).toBe(true);
  });

  it('refuses two objects of one identity', () => {
    expect(() => synth((c) => { object(c, 'ConfigMap', 'a'); object(c, 'ConfigMap', 'a', 'v1', 'shop'); })).toThrow('two objects are ConfigMap "a"');
  });
});
