import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from '../support/ask';
import { EXAMPLE, isvc } from '../support/isvc-process';

/** Millimetres go in, names come out. */
const STEPS = `exports.Model = class {
  preprocess(payload) { return { ...payload, instances: payload.instances.map((row) => row.map((cell) => cell / 10)) }; }
  postprocess(result) { return { ...result, predictions: result.predictions.map((index) => ['setosa', 'versicolor', 'virginica'][index]) }; }
};
`;

const service = (mode: string): string => `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: iris, namespace: ${mode.toLowerCase()}, annotations: { serving.kserve.io/deploymentMode: ${mode} } }
spec:
  predictor:
    model: { modelFormat: { name: sklearn }, storageUri: "pvc://iris-models/svc" }
  transformer:
    volumes: [{ name: steps, persistentVolumeClaim: { claimName: steps } }]
    containers:
      - name: kserve-container
        image: cdk8s-kserve/runtime:0.1.0
        args: [serve, --model_module=/mnt/steps/model.js]
        volumeMounts: [{ name: steps, mountPath: /mnt/steps, readOnly: true }]
`;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'isvc-transformer-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('isvc run: a transformer of one\'s own asks its predictor, in both modes', async () => {
  mkdirSync(join(folder, 'steps'));
  writeFileSync(join(folder, 'steps/model.js'), STEPS);
  writeFileSync(join(folder, 'services.yaml'), ['RawDeployment', 'Serverless'].map(service).join('---\n'));
  const process = isvc(['run', join(folder, 'services.yaml'), '--port', '0', '--json', '--map', `pvc://iris-models=${join(EXAMPLE, 'models')}`, '--map', `pvc://steps=${join(folder, 'steps')}`]);
  const { gateway, services } = (await process.event('ready')) as { gateway: string; services: { url: string }[] };
  expect(services.length).toBe(2);
  for (const { url } of services) {
    const answer = await ask(gateway, new URL(url).host, '/v1/models/iris:predict', { instances: [[51, 35, 14, 2], [68, 28, 48, 14]] });
    expect(answer).toEqual({ status: 200, body: '{"predictions":["setosa","versicolor"]}' });
  }
  process.child.kill('SIGINT');
  expect(await process.exit).toBe(0);
});
