import { parseFieldPath } from '../../src/manifests/field-path';
import { parseManifests } from '../../src/manifests/parse-manifests';

const TWO = `# a comment
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  annotations:
    x.y/z: "1"
---
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: iris }
spec:
  predictor:
    containers:
      - name: one
      - name: two
        image: x
`;

describe('parseManifests', () => {
  const { manifests, problems } = parseManifests(TWO, 'two.yaml');

  it('reads every document', () => {
    expect(problems).toEqual([]);
    expect(manifests.map((m) => `${m.object.kind} ${m.object.metadata.name}`)).toEqual(['ConfigMap a', 'InferenceService iris']);
  });

  it.each<[number, string, number, number]>([
    [0, 'metadata.name', 5, 3],
    [0, 'metadata.annotations["x.y/z"]', 7, 5],
    [1, 'metadata.name', 11, 13],
    [1, 'spec.predictor.containers[1].image', 17, 9],
    [1, 'spec.predictor.model.storageUri', 13, 3],
    [1, 'status', 9, 1],
  ])('finds field %i:%s at %i:%i, or its nearest parent', (index, path, line, column) => {
    expect(manifests[index]?.position(path)).toEqual({ line, column });
  });

  it('takes lists apart', () => {
    const list = parseManifests('{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"A","metadata":{"name":"a"}},{"apiVersion":"v1","kind":"B","metadata":{"name":"b"}}]}', 'l.json');
    expect(list.manifests.map((m) => m.object.kind)).toEqual(['A', 'B']);
  });

  it.each<[string, string, string, string]>([
    ['broken YAML', 'a: [1', 'ISVC_API_INVALID_YAML', 'not valid YAML'],
    ['a repeated key', 'apiVersion: v1\nkind: A\nkind: B\nmetadata: {name: a}', 'ISVC_API_INVALID_YAML', 'unique'],
    ['a scalar', 'hello', 'ISVC_API_NOT_AN_OBJECT', 'expected a map'],
    ['no apiVersion', 'kind: A\nmetadata: {name: a}', 'ISVC_API_NOT_AN_OBJECT', 'apiVersion is missing'],
    ['no kind', 'apiVersion: v1\nmetadata: {name: a}', 'ISVC_API_NOT_AN_OBJECT', 'kind is missing'],
    ['no name', 'apiVersion: v1\nkind: A\nmetadata: {}', 'ISVC_API_NOT_AN_OBJECT', 'metadata.name is missing'],
  ])('reports %s with its place', (_what, text, code, message) => {
    const result = parseManifests(text, 'f.yaml');
    expect(result.manifests).toEqual([]);
    expect(result.problems).toEqual([expect.objectContaining({ file: 'f.yaml', code, message: expect.stringContaining(message) as string })]);
  });

  it('skips empty documents', () => expect(parseManifests('---\n---\n# nothing\n', 'e.yaml')).toEqual({ manifests: [], problems: [] }));
});

describe('parseFieldPath', () => {
  it.each([
    ['spec.a[0].b', ['spec', 'a', 0, 'b']],
    ['metadata.annotations["a.b/c"]', ['metadata', 'annotations', 'a.b/c']],
    ['', []],
  ])('%s', (path, steps) => expect(parseFieldPath(path)).toEqual(steps));
});
