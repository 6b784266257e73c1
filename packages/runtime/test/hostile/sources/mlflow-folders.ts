import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changeBytes, changeDigit, copyPiece, flipBit } from '../../support/damage';
import { type Artifact, type HostileSource, oneOf, type Random } from '../artifact';

export const MLFLOW_FIXTURES = join(__dirname, '../../fixtures/mlflow');

const FOLDERS = ['sklearn', 'sklearn-tensor', 'xgboost-booster', 'xgboost-classifier', 'lightgbm-booster', 'catboost', 'onnx', 'refused-python'] as const;

/** Read at once: later on nothing may open files but the readers. */
const GENUINE: ReadonlyMap<string, Buffer> = new Map(FOLDERS.map((name) => [name, readFileSync(join(MLFLOW_FIXTURES, name, 'MLmodel'))]));

const PATHS: readonly string[] = ['../../../../etc/passwd', '/etc/passwd', '..', '.', '', 'null', '"a\\0b"', '[a]', 'https://example.org/model.pkl', 'MLmodel', '~/model.pkl', '!!js/function "x"'];

/** Documents that grow, nest or name more than they hold. */
const YAML: readonly ((text: string, random: Random) => string)[] = [
  (text, random) => text.replace(/((?:pickled_model|data): ).*/, `$1${oneOf(random, PATHS)}`),
  (text) => `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b]\n${text}`,
  (text, random) => `${text}deep: ${'['.repeat(random(3000))}\n`,
  (text, random) => `${text}deep: ${'{a: '.repeat(random(300))}x${'}'.repeat(random(300))}\n`,
  (text, random) => `${text}${'#'.repeat(random(1_200_000))}\n`,
  (text) => text.replace(/inputs: .*/, 'inputs: \'[{"type": "double", "name": "__proto__", "required": true}]\''),
  (text, random) => text.replace(/inputs: .*/, `inputs: '${'['.repeat(random(5000))}'`),
  (text) => text.replace(/flavors:/, 'flavors: !!python/object/apply:os.system ["touch isvc-executed"]\nold:'),
  (text) => text.replace(/loader_module: .*/, 'loader_module: os'),
  (text) => text.replace(/model_class: .*/, 'model_class: constructor'),
];

/** `MLmodel` files around genuine models; the folder is read as the server reads it. */
export const mlflowFolders: HostileSource = {
  name: 'MLflow: MLmodel',
  makes: 'paths out of the folder, YAML bombs and tags, signatures that lie, damage',
  share: 400,
  folders: true,
  make: (random: Random, index: number): Artifact => {
    const name = FOLDERS[index % FOLDERS.length] as string;
    const bytes = GENUINE.get(name) as Buffer;
    const damage = [flipBit, copyPiece, changeDigit, (content: Buffer, numbers: Random) => changeBytes(content, 0, numbers)];
    const changed = random(2) === 0 ? Buffer.from(oneOf(random, YAML)(bytes.toString(), random)) : oneOf(random, damage)(bytes, random);
    return { name, bytes: changed, label: `MLmodel of ${name}` };
  },
};
