import { rawService, service } from '../example';
import type { Rule } from '../rule';

const IRIS = service(`
  predictor:
    minReplicas: 2
    model:
      modelFormat: { name: sklearn }
      storageUri: s3://models/iris
`);
const FIXED = rawService(`
  predictor:
    minReplicas: 2
    # isvc-lint-disable ISVC_LINT_IDLE_SCALER -- grows next month
    maxReplicas: 2
    scaleMetric: cpu
    model:
      modelFormat: { name: sklearn }
      storageUri: s3://models/iris
`);

/** Comments that switch rules off; the reader of files finds these, since comments are not part of an object. */
export const SUPPRESSION_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_DISABLE', severity: 'warning', title: 'Comments switch off rules that exist',
    why: 'A comment `# isvc-lint-disable CODE` above a field holds for the field and all below it, at the top of a document for the document. A misspelt code switches nothing off.',
    bad: IRIS.replace('    minReplicas', '    # isvc-lint-disable ISVC_LINT_IDLE_SCALAR\n    minReplicas'), good: FIXED,
  },
];
