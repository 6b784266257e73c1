/** What `isvc new model` is asked for. */
export interface ModelProject {
  /** Name of the package, and of the model in URLs. */
  readonly name: string;
  /** Steps around another service instead of a model. */
  readonly transformer: boolean;
  /** Where npm finds `cdk8s-kserve-runtime`: a version, or `file:` and its folder. */
  readonly runtime: string;
}

/** Files of the project by path. */
export function modelProject({ name, transformer, runtime }: ModelProject): Readonly<Record<string, string>> {
  return {
    'package.json': packageJson(name, runtime),
    'tsconfig.json': TSCONFIG,
    'src/model.ts': transformer ? TRANSFORMER : PREDICTOR,
    'src/model.test.ts': transformer ? TRANSFORMER_TEST : PREDICTOR_TEST,
    Dockerfile: dockerfile(name),
    '.dockerignore': 'node_modules\nsrc\n',
    'README.md': readme(name, transformer),
  };
}

function packageJson(name: string, runtime: string): string {
  return `${JSON.stringify({
    name, version: '0.1.0', private: true, main: 'lib/model.js',
    scripts: {
      build: 'tsc',
      test: 'tsc && node --test lib/*.test.js',
      start: `isvc-runtime serve --model_name=${name} --model_module=./lib/model.js`,
    },
    devDependencies: { '@types/node': '^20', 'cdk8s-kserve-runtime': runtime, typescript: '~5.9.3' },
  }, null, 2)}\n`;
}

const TSCONFIG = `${JSON.stringify({
  compilerOptions: { target: 'ES2022', module: 'node20', strict: true, noUncheckedIndexedAccess: true, skipLibCheck: true, types: ['node'], rootDir: 'src', outDir: 'lib' },
  include: ['src'],
}, null, 2)}\n`;

const PREDICTOR = `import type { CustomModel, Payload, Result, TensorSpec } from 'cdk8s-kserve-runtime';

/** Says which of its numbers is the largest. Replace it by what you serve. */
export class Model implements CustomModel {
  readonly inputs: TensorSpec[] = [{ name: 'input-0', datatype: 'FP64', shape: [-1, 3] }];
  readonly outputs: TensorSpec[] = [{ name: 'output-0', datatype: 'INT64', shape: [-1] }];

  /** Runs once, before the port opens: read files and open connections here. */
  async load(): Promise<void> {}

  predict(payload: Payload): Result {
    if ('instances' in payload) return { predictions: (payload.instances as number[][]).map(largest) };
    const [input] = payload.inputs;
    const [rows = 0, columns = 0] = input?.shape ?? [];
    const data = Array.from((input?.data ?? []) as ArrayLike<number>, Number);
    const predictions = Array.from({ length: rows }, (_, row) => largest(data.slice(row * columns, (row + 1) * columns)));
    return { predictions };
  }
}

function largest(row: readonly number[]): number {
  return row.indexOf(Math.max(...row));
}
`;

const PREDICTOR_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Model } from './model.js';

test('rows of V1 and tensors of V2 get the same answer', () => {
  const model = new Model();
  const predictions = [2, 0];
  assert.deepEqual(model.predict({ instances: [[1, 2, 3], [9, 2, 3]] }), { predictions });
  const inputs = [{ name: 'input-0', datatype: 'FP64' as const, shape: [2, 3], data: Float64Array.of(1, 2, 3, 9, 2, 3) }];
  assert.deepEqual(model.predict({ inputs }), { predictions });
});
`;

const TRANSFORMER = `import type { CustomModel, Payload, Result } from 'cdk8s-kserve-runtime';

const LABELS = ['setosa', 'versicolor', 'virginica'];

/** Scales what comes in and names what comes out; the service behind it predicts. Replace both by your steps. */
export class Model implements CustomModel {
  preprocess(payload: Payload): Payload {
    if (!('instances' in payload)) return payload;
    return { ...payload, instances: (payload.instances as number[][]).map((row) => row.map((cell) => cell / 10)) };
  }

  postprocess(result: Result): Result {
    if (!('predictions' in result)) return result;
    return { ...result, predictions: result.predictions.map((index) => LABELS[index as number] ?? 'unknown') };
  }
}
`;

const TRANSFORMER_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Model } from './model.js';

test('millimetres go in, names come out', () => {
  const model = new Model();
  assert.deepEqual(model.preprocess({ instances: [[51, 35]] }), { instances: [[5.1, 3.5]] });
  assert.deepEqual(model.postprocess({ predictions: [0, 7] }), { predictions: ['setosa', 'unknown'] });
});
`;

function dockerfile(name: string): string {
  return `# Your model in the image of the model server. Build it first: npm run build
ARG BASE=cdk8s-kserve
FROM \${BASE}
COPY package.json /model/
COPY lib/ /model/lib/
# What the model needs at run time; leave it out where that is nothing.
# COPY node_modules/ /model/node_modules/
CMD ["serve", "--model_name=${name}", "--model_module=/model"]
`;
}

function readme(name: string, transformer: boolean): string {
  const behind = transformer ? ' -- --predictor_host=localhost:8081' : '';
  const row = transformer ? '[51, 35, 14, 2]' : '[1, 2, 3]';
  return `# ${name}

A ${transformer ? 'transformer' : 'model'} of your own. \`src/model.ts\` is all there is to change.

\`\`\`sh
npm install
npm test
npm start${behind}
curl localhost:8080/v1/models/${name}:predict -d '{"instances": [${row}]}'
docker build -t ${name} .
\`\`\`

In an InferenceService, the image is the container of ${transformer ? '`spec.transformer`; KServe adds `--predictor_host` by itself' : '`spec.predictor`'}.
`;
}
