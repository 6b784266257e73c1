import { inflateSync } from 'node:zlib';
import { boostingBytes, type Library, ownFiles, pickledFiles } from '../support/boosting-fixtures';
import { onnxBytes, onnxNames } from '../support/onnx-fixtures';
import { pmmlBytes, pmmlNames } from '../support/pmml-fixtures';
import { type FamilyCase, readFamilies } from '../support/sklearn-families';
import { fixtureBytes, SUPPORTED_FIXTURES } from '../support/sklearn-fixtures';

/** A genuine model file, from which damaged ones are made. */
export interface Genuine {
  readonly name: string;
  readonly bytes: Buffer;
  readonly library?: Library;
  readonly rows?: FamilyCase['rows'];
}

const LIBRARIES: readonly Library[] = ['xgboost', 'lightgbm', 'catboost'];

/** joblib files and pickles of single models, of scikit-learn 0.21 to 1.9. */
export const SKLEARN_FILES: readonly Genuine[] = SUPPORTED_FIXTURES.map((name) => ({ name, bytes: fixtureBytes(name) }));

/** One pickle for each estimator and release, without the compression that would hide the damage. */
export const FAMILY_FILES: readonly Genuine[] = readFamilies().flatMap(({ cases }) =>
  cases.map(({ name, pickle, rows }) => ({ name: `${name}.pkl`, bytes: pickle[0] === 0x78 ? inflateSync(pickle) : pickle, rows: rows.slice(0, 3) })));

/** Models in the formats of the boosting libraries, and their wrappers in pickles. */
export const BOOSTING_FILES: readonly Genuine[] = LIBRARIES.flatMap((library) =>
  [...ownFiles(library), ...pickledFiles(library)].map((name) => ({ name, library, bytes: boostingBytes(library, name) })));

export const PMML_FILES: readonly Genuine[] = pmmlNames().map((name) => ({ name: `${name}.pmml`, bytes: pmmlBytes(name) }));

export const ONNX_FILES: readonly Genuine[] = onnxNames().map((name) => ({ name: `${name}.onnx`, bytes: onnxBytes(name) }));
