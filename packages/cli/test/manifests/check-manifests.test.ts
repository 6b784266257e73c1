import { checkManifests } from '../../src/manifests/check-manifests';
import { parseManifests } from '../../src/manifests/parse-manifests';

const ISVC = `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: iris }
spec:
  predictor:
    model:
      modelFormat: { name: sklearn }
      storageUri: s3://m/iris
`;

function check(text: string): readonly string[] {
  return checkManifests(parseManifests(text, 'f.yaml').manifests).map((p) => `${p.position.line}:${p.position.column} ${p.message}${p.hint ? `; ${p.hint}` : ''}`);
}

describe('checkManifests', () => {
  it('finds nothing wrong with a good service, nor with kinds of other groups', () => {
    expect(check(`${ISVC}---\napiVersion: example.org/v1\nkind: Whatever\nmetadata: {name: x}\n`)).toEqual([]);
  });

  it('names an unknown field at its line, with the nearest name', () => {
    expect(check(ISVC.replace('storageUri', 'storageURI'))).toEqual(['8:7 spec.predictor.model.storageURI: unknown field "storageURI"; did you mean "storageUri"']);
  });

  it('uses the runtimes that are beside the service', () => {
    const runtime = `---
apiVersion: serving.kserve.io/v1alpha1
kind: ClusterServingRuntime
metadata: { name: own }
spec:
  supportedModelFormats: [{ name: own-format, autoSelect: true }]
  containers: [{ name: kserve-container, image: x }]
`;
    const service = ISVC.replace('name: sklearn', 'name: own-format');
    expect(check(service + runtime)).toEqual([]);
    expect(check(service)).toEqual([expect.stringContaining('no runtime supports format "own-format"')]);
  });

  it('tells a misspelt kind and a wrong version of our group', () => {
    expect(check(ISVC.replace('kind: InferenceService', 'kind: InferenceServce'))).toEqual(['2:1 kind: nothing here serves kind InferenceServce of serving.kserve.io/v1beta1; did you mean "InferenceService"']);
    expect(check(ISVC.replace('v1beta1', 'v1'))).toEqual(['1:1 apiVersion: InferenceService is served as serving.kserve.io/v1beta1, got serving.kserve.io/v1; write serving.kserve.io/v1beta1']);
  });

  it('tells of two manifests for one object', () => {
    expect(check(`${ISVC}---\n${ISVC}`)).toEqual([expect.stringContaining('the same object stands in f.yaml:3 already')]);
  });
});
