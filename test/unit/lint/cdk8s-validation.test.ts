import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { LintValidation } from '../../../src';
import type { ValidationContextLike } from '../../../src/lint';
import { readFileSync } from 'node:fs';

const TYPO = 'apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: { name: iris }\nspec: { predictor: { minReplica: 2, model: { modelFormat: { name: sklearn }, storageUri: s3://m/iris } } }\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isvc-validation-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What cdk8s-cli gives to a plugin. */
function contextOf(text: string): ValidationContextLike & { readonly violations: object[]; readonly status: string[] } {
  const file = join(folder, 'iris.k8s.yaml');
  writeFileSync(file, text);
  const [violations, status]: [object[], string[]] = [[], []];
  return {
    manifests: [file], violations, status,
    parseManifest: (path) => {
      const parsed = parseAllDocuments(readFileSync(path, 'utf8'));
      return (Array.isArray(parsed) ? parsed : []).map((d): unknown => d.toJS());
    },
    report: { addViolation: (v) => void violations.push(v), submit: (s) => void status.push(s) },
  };
}

describe('LintValidation', () => {
  it('fails the synthesis on errors and names the resource and the field', async () => {
    const context = contextOf(TYPO);
    await new LintValidation().validate(context);
    expect(context.status).toEqual(['failure']);
    expect(context.violations).toEqual([
      {
        ruleName: 'ISVC_API_UNKNOWN_FIELD', recommendation: 'error: spec.predictor.minReplica: unknown field "minReplica"', fix: 'did you mean "minReplicas"',
        violatingResources: [{ resourceName: 'iris', locations: ['spec.predictor.minReplica'], manifestPath: join(folder, 'iris.k8s.yaml') }],
      },
    ]);
  });

  it.each<[string, object, string]>([
    ['with the rule switched off', { rules: { ISVC_API_UNKNOWN_FIELD: 'off' } }, 'success'],
    ['with a milder severity', { rules: { ISVC_API_UNKNOWN_FIELD: 'warning' } }, 'success'],
    ['with a milder severity that fails', { rules: { ISVC_API_UNKNOWN_FIELD: 'warning' }, failOn: 'warning' }, 'failure'],
  ])('%s', async (_what, props, status) => {
    const context = contextOf(TYPO);
    await new LintValidation(props).validate(context);
    expect(context.status).toEqual([status]);
  });
});
