import { deflateSync, gzipSync } from 'node:zlib';
import { changeBytes, changeDigit, copyPiece, flipBit } from '../../support/damage';
import { type Artifact, type HostileSource, oneOf, type Random, REFUSED } from '../artifact';
import { BOOSTING_FILES, FAMILY_FILES, type Genuine, ONNX_FILES, SKLEARN_FILES } from '../corpus';

/** Bytes that make the worst sizes, indices and floats when they replace some of a file; the last are opcodes. */
const NASTY: readonly Buffer[] = [[0xff, 0xff, 0xff, 0x7f], [0, 0, 0, 0], [0xff], [0x80], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0, 0, 0, 0xf0, 0x7f], [0x4e], [0x7d]].map((bytes) => Buffer.from(bytes));

const DAMAGES: readonly ((bytes: Buffer, random: Random) => Buffer)[] = [
  (bytes, random) => changeBytes(bytes, random(2), random),
  flipBit,
  copyPiece,
  changeDigit,
  placeNasty,
];

/** Flips, overwrites and copies of pieces; what still is a model must answer. */
function damaged(what: string, share: number, files: readonly Genuine[]): HostileSource {
  return {
    name: `${what}: damaged`,
    makes: 'bits flipped, bytes and digits changed, pieces copied, in genuine files',
    share,
    make: (random: Random, index: number): Artifact => {
      const { name, bytes, rows } = files[index % files.length] as Genuine;
      return { name, bytes: oneOf(random, DAMAGES)(bytes, random), label: name, ...(rows ? { rows } : {}) };
    },
  };
}

function cut(what: string, share: number, files: readonly Genuine[], neededLength: (file: Genuine) => number): HostileSource {
  return {
    name: `${what}: cut short`,
    makes: 'the first part of genuine files',
    share,
    make: (random: Random, index: number): Artifact => {
      const file = files[index % files.length] as Genuine;
      const length = oneOf(random, [0, 1, 2, neededLength(file) - 1, random(neededLength(file)), random(neededLength(file)), random(neededLength(file))]);
      return { name: file.name, bytes: file.bytes.subarray(0, length), label: `${file.name} to ${length}`, refused: REFUSED };
    },
  };
}

/** Where the part ends that a model cannot do without: what follows are importances, parameters and attributes. */
function neededLength({ name, bytes, library }: Genuine): number {
  if (library === 'lightgbm' && bytes.includes('\nend of trees')) return bytes.indexOf('\nend of trees');
  return library === 'xgboost' && name.endsWith('.bst') ? bytes.length - 400 : bytes.length;
}

/** First bytes of files of other compressors. */
const HEADERS: readonly string[] = ['BZh91AY', '\x5d\0\0', '\xfd7zXZ\0', '\x04\x22\x4d\x18', 'ZF0x10', 'PK\x03\x04', '\x1f\x8b', '\x78\x9c'];

/** Archives in archives, archives of damaged models, damaged archives, and archives that grow. */
const compressed: HostileSource = {
  name: 'joblib: compressed',
  makes: 'nested, damaged, cut and growing zlib and gzip data; headers of other compressors',
  share: 500,
  make: (random: Random): Artifact => {
    const { name, bytes } = oneOf(random, SKLEARN_FILES.filter((file) => file.bytes.length < 30_000));
    const press = (content: Buffer): Buffer => (random(2) === 0 ? deflateSync(content) : gzipSync(content));
    const makes: readonly (() => Artifact)[] = [
      () => ({ name: 'm.joblib', bytes: press(press(press(bytes))), label: `${name} in three archives`, refused: REFUSED }),
      () => ({ name: 'm.joblib', bytes: press(oneOf(random, DAMAGES)(bytes, random)), label: `${name} damaged in an archive` }),
      () => ({ name: 'm.joblib', bytes: oneOf(random, DAMAGES)(press(bytes), random), label: `a damaged archive of ${name}` }),
      () => ({ name: 'm.joblib', bytes: press(bytes).subarray(0, -1 - random(20)), label: `a cut archive of ${name}`, refused: REFUSED }),
      () => ({ name: 'm.joblib', bytes: press(Buffer.alloc(2 ** (10 + random(14)), oneOf(random, [0, 0x28, 0x4e, 0x5d]))), label: 'an archive that grows', refused: REFUSED }),
      () => ({ name: 'm.joblib', bytes: Buffer.concat([Buffer.from(oneOf(random, HEADERS), 'latin1'), bytes]), label: 'another header', refused: REFUSED }),
    ];
    return oneOf(random, makes)();
  },
};

/** Files under the name of another format, and noise. */
const misnamed: HostileSource = {
  name: 'any: wrong name or noise',
  makes: 'files of one format under the extension of another, and random bytes',
  share: 400,
  make: (random: Random): Artifact => {
    const extension = oneOf(random, ['.pkl', '.joblib', '.ubj', '.bst', '.json', '.txt', '.lgb', '.onnx', '.cbm', '.model', '.xgb']);
    const genuine = random(2) === 0 ? oneOf(random, [...SKLEARN_FILES, ...BOOSTING_FILES, ...ONNX_FILES]).bytes : Buffer.from(Array.from({ length: random(400) }, () => random(256)));
    return { name: `model${extension}`, bytes: genuine, label: `something named ${extension}` };
  },
};

export const damagedFiles: readonly HostileSource[] = [
  cut('pickle and joblib', 1000, SKLEARN_FILES, ({ bytes }) => bytes.length),
  damaged('pickle and joblib', 1500, [...SKLEARN_FILES, ...FAMILY_FILES]),
  compressed,
  cut('boosting libraries', 600, BOOSTING_FILES, neededLength),
  damaged('boosting libraries', 1500, BOOSTING_FILES),
  damaged('ONNX', 600, ONNX_FILES),
  misnamed,
];

function placeNasty(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  for (let edits = random(4); edits >= 0; edits--) oneOf(random, NASTY).copy(copy, random(copy.length));
  return copy;
}
