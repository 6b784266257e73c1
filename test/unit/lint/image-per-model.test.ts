import { lintText } from './support';

function server(name: string, lines: string): string {
  return `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: ${name}, namespace: models, annotations: { serving.kserve.io/deploymentMode: RawDeployment } }
spec:
  predictor:
    containers:
      - name: kserve-container
        image: registry.example.com/${name}:1.0
        ${lines}
---
`;
}

const codes = (...lines: readonly string[]): readonly string[] => lintText(lines.map((line, i) => server(`server-${i}`, line)).join('')).map((f) => f.code);

describe('ISVC_LINT_IMAGE_PER_MODEL', () => {
  it('finds servers that nobody tells which model is theirs', () => expect(codes('', '')).toEqual(['ISVC_LINT_IMAGE_PER_MODEL', 'ISVC_LINT_IMAGE_PER_MODEL']));

  it.each(['args: ["--model=my-team/chat"]', 'args: [--model, my-team/chat]', 'args: ["--model_id=my-team/chat"]', 'env: [{ name: HF_MODEL_ID, value: my-team/chat }]', 'env: [{ name: STORAGE_URI, value: s3://models/chat }]'])(
    'leaves those alone that are told: %s', (line) => expect(codes(line, line)).toEqual([]),
  );
});
