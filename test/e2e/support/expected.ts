import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLE } from './isvc-process';

/** scikit-learn's own answers for all 150 rows of the example. */
export const EXPECTED = JSON.parse(readFileSync(join(EXAMPLE, 'expected.json'), 'utf8')) as { readonly inputs: readonly (readonly number[])[]; readonly predict: readonly number[] };
