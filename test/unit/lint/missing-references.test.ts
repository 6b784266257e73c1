import { lint } from '../../../src/lint';
import { lintText, objectsOf } from './support';

function onClaim(name: string, { claim = 'weights', namespace = 'models' } = {}): string {
  return `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: ${name}, namespace: ${namespace} }
spec: { predictor: { serviceAccountName: reader, model: { modelFormat: { name: sklearn }, storageUri: "pvc://${claim}/${name}" } } }
---
`;
}

const found = (text: string): readonly string[] => lintText(text).map((f) => `${f.severity} ${f.subject}: ${f.message}`);
const THREE = onClaim('a') + onClaim('b') + onClaim('c');
const OTHER_CLAIM = 'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: other, namespace: models }\nspec: { accessModes: [ReadOnlyMany] }\n';

describe('names that lead nowhere', () => {
  it('are one note for each claim and account of a namespace', () => {
    expect(found(THREE + onClaim('d', { claim: 'more' }) + onClaim('e', { namespace: 'shop' }))).toEqual([
      'info InferenceService models/a: service account "reader" is not in namespace models here (named in 4 places)',
      'info InferenceService models/a: claim "weights" is not in namespace models here (named in 3 places)',
      'info InferenceService models/d: claim "more" is not in namespace models here',
      'info InferenceService shop/e: service account "reader" is not in namespace shop here',
      'info InferenceService shop/e: claim "weights" is not in namespace shop here',
    ]);
  });

  it('are a finding each where the namespace has other claims, which makes them errors', () => {
    expect(found(THREE + OTHER_CLAIM).filter((line) => line.startsWith('error'))).toHaveLength(3);
  });

  it('are told at the first place where they are not switched off', () => {
    const inputs = objectsOf(THREE).map((object) => ({ object, isDisabled: (code: string) => code === 'ISVC_LINT_CLAIM_MISSING' && object.metadata.name === 'a' }));
    expect(lint(inputs).filter((f) => f.code === 'ISVC_LINT_CLAIM_MISSING').map((f) => `${f.subject}: ${f.message}`)).toEqual([
      'InferenceService models/b: claim "weights" is not in namespace models here (named in 2 places)',
    ]);
  });
});
