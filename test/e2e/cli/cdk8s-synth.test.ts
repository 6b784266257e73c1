import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

const ROOT = join(__dirname, '..', '..', '..');
const CDK8S = join(ROOT, 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s');

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'isvc-synth-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** `cdk8s synth` as a user runs it, on an app that uses the built library, with its rules as validation plugin. */
function synth(predictor: object, properties: object = {}): { readonly code: number | null; readonly text: string } {
  const validation = { package: ROOT, version: '0.1.0', class: 'LintValidation', properties };
  writeFileSync(join(folder, 'cdk8s.yaml'), stringify({ language: 'typescript', app: 'node main.js', validations: [validation] }));
  writeFileSync(join(folder, 'main.js'), `
const { App, Chart } = require(${JSON.stringify(join(ROOT, 'node_modules', 'cdk8s'))});
const { InferenceService } = require(${JSON.stringify(ROOT)});
const app = new App();
const chart = new Chart(app, 'models', { namespace: 'team' });
new InferenceService(chart, 'iris', { mode: 'RawDeployment', predictor: ${JSON.stringify(predictor)} });
app.synth();
`);
  // Otherwise cdk8s-cli asks the network for its newest version.
  const env = { ...process.env, CDK8S_CHECK_UPGRADE: 'false' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [CDK8S, 'synth'], { cwd: folder, env, encoding: 'utf8' });
  return { code: status, text: `${stdout}${stderr}` };
}

const GOOD = { modelFormat: 'sklearn', storageUri: 's3://models/iris/v3' };
/** Right as far as a construct can see; only the rules know that GPUs cannot be overcommitted. */
const UNEQUAL = { modelFormat: 'triton', storageUri: 's3://models/classifier', resources: { limits: { 'nvidia.com/gpu': 2, memory: '16Gi' }, requests: { 'nvidia.com/gpu': 1 } } };

describe('LintValidation in cdk8s synth', () => {
  it('lets a right app pass', () => {
    const { code, text } = synth(GOOD);
    expect({ code, text }).toMatchObject({ code: 0, text: expect.stringContaining('Validations ended succesfully') as string });
    expect(text).toMatch(/Status\s+│ success/);
    expect(existsSync(join(folder, 'dist', 'models.k8s.yaml'))).toBe(true);
  });

  it('fails a wrong one with exit code 2, the rule, the construct, the field and the fix', () => {
    const { code, text } = synth(UNEQUAL);
    expect({ code, text }).toMatchObject({ code: 2, text: expect.stringContaining('ISVC_LINT_GPU_LIMIT (1 occurrences)') as string });
    for (const part of ['Construct Path: models/iris', 'Resource Name: iris', '> spec.predictor.model.resources', 'How to fix: ']) expect(text).toContain(part);
  });

  it('does what its properties say', () => {
    const { code, text } = synth(UNEQUAL, { rules: { ISVC_LINT_GPU_LIMIT: 'warning' } });
    expect({ code, text }).toMatchObject({ code: 0, text: expect.stringContaining('warning: spec.predictor.model.resources') as string });
    expect(synth(UNEQUAL, { rules: { ISVC_LINT_GPU_LIMIT: 'warning' }, failOn: 'warning' }).code).toBe(2);
  });
});
