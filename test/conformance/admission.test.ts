import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { hasErrors, isTrainedModel, problemLine, validateServingRuntime, validateTrainedModel, type KubeObject, type Problem, type ServingRuntime, type TrainedModel } from '../../src/api';
import { isRuntime, worldFromObjects } from '../../src/render';
import { renderAny } from './compare-case';
import { CASES, haveCases, kserveCases } from './kserve-case';

interface Verdict {
  readonly id: string;
  readonly input: KubeObject;
  readonly verdict: 'allowed' | 'rejected';
  readonly message: string;
  readonly existing?: KubeObject;
}

/** Mistakes that KServe's webhooks let through and that we name before anything is applied. */
const STRICTER: Readonly<Record<string, string>> = {
  'batcher-negative': 'a batch of -1 requests',
  'canary-ok': 'the platform of these verdicts has no Gateway API, so nothing would split the traffic',
  'explainer-art-bad-type': 'no such attack',
  'ig-cycle': 'the router would run until its stack ends',
  'ig-min-gt-max': 'minReplicas above maxReplicas',
  'ig-unknown-node': 'a step to a node that is not there',
  'mn-serverless': 'a Knative revision has one pod template',
  'model-format-missing': 'no runtime can be chosen',
  'name-long-60': 'a child\'s name is too long for DNS',
  'protocol-bad': 'no such protocol',
  'protocol-grpc-v1': 'no runtime speaks it for the format',
  'raw-no-class-target-200': 'a target above 100 per cent is refused with a class, too',
  'storage-type-bad': 'nothing can fetch the type',
  'storageuri-hf-oci': 'no such mode of model images',
  'storageuri-scheme-old-style': 'nothing can fetch the scheme',
  'storageuris-same-mount': 'two sources in one folder',
  'unknown-field': 'a misspelt field would be dropped in silence',
};

/** What KServe refuses and we take. */
const LOOSER: Readonly<Record<string, string>> = {
  'csr-same-priority-as-existing': 'the name breaks the tie, and the decision says so',
};

/** An update is a question of two objects; the CEL test asks those. */
const NOT_OURS = (v: Verdict): boolean => v.existing !== undefined;

if (!haveCases()) {
  it.skip(`is skipped: the recorded verdicts of KServe's webhooks are not at ${CASES}`, () => undefined);
} else {
  const verdicts = (parse(readFileSync(join(CASES, 'admission.yaml'), 'utf8')) as Verdict[]).filter((v) => !NOT_OURS(v));
  const { world } = worldFromObjects(kserveCases()[0]?.world ?? []);

  const problemsOf = (input: KubeObject): readonly Problem[] | undefined => {
    if (isRuntime(input)) return validateServingRuntime(input as ServingRuntime);
    return isTrainedModel(input) ? validateTrainedModel(input as TrainedModel) : renderAny(input, world)?.problems;
  };

  describe('verdicts of KServe\'s webhooks', () => {
    it.each(verdicts.filter((v) => v.verdict === 'rejected').map((v) => [v.id, v] as const))('%s is refused here too, with a fix or the values allowed', (id, { input }) => {
      const problems = problemsOf(input);
      const refused = problems === undefined || hasErrors(problems);
      expect({ refused, problems: problems?.map(problemLine) }).toEqual({ refused: !(id in LOOSER), problems: problems?.map(problemLine) });
    });

    it.each(verdicts.filter((v) => v.verdict === 'allowed').map((v) => [v.id, v] as const))('%s is accepted here too, or is a mistake', (id, { input }) => {
      const errors = (problemsOf(input) ?? []).filter((p) => p.severity === 'error').map(problemLine);
      if (id in STRICTER) expect(errors).not.toEqual([]);
      else expect(errors).toEqual([]);
    });
  });
}
