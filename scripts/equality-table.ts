/**
 * Prints how far the runtime's answers lie from the libraries' own over the committed fixtures, as docs/reference/equality.md
 * shows it: first by family and release, then by estimator or objective. Unequal labels and refused models are named at the end.
 *
 *     npx tsx scripts/equality-table.ts
 */
import { formatOf } from '../packages/runtime/src/formats/registry';
import { sklearnFormat } from '../packages/runtime/src/formats/sklearn/sklearn-format';
import { tabular } from '../packages/runtime/src/model/tabular';
import { boostingAnswers, boostingBytes, kindOf, largestDifference, LIBRARIES, ownFiles, pickledFiles } from '../packages/runtime/test/support/boosting-fixtures';
import { differencesOf, type FamilyCase, readFamilies } from '../packages/runtime/test/support/sklearn-families';

/** Models of one line of a table and one release. */
class Cell {
  models = 0;
  answers = 0;
  worst = 0;

  add(answers: number, difference: number): void {
    this.models += 1;
    this.answers += answers;
    this.worst = Math.max(this.worst, difference);
  }
}

const problems: string[] = [];
const families = new Map<string, Cell>();
const estimators = new Map<string, Map<string, Cell>>();
const kinds = new Map<string, Map<string, Cell>>();

for (const { family, versions, cases } of readFamilies()) {
  const release = versions['scikit-learn'] ?? '';
  for (const one of cases) {
    const difference = differenceOf(one);
    const answers = Object.values(one.answers).reduce((sum, { data }) => sum + data.length, 0);
    if (!(difference < 1e-6)) problems.push(`${family} ${release} ${one.name}: ${difference}`);
    cellOf(families, `| ${family} | scikit-learn ${release}`).add(answers, difference);
    cellOf(rowOf(estimators, one.estimator), release).add(answers, difference);
  }
}

for (const library of LIBRARIES) for (const name of [...ownFiles(library), ...pickledFiles(library)]) {
  const { inputs, predict, versions } = boostingAnswers(library, name);
  const release = versions[library] ?? '';
  const bytes = boostingBytes(library, name);
  const data = Float64Array.from(inputs.flat(), Number);
  const difference = largestDifference(tabular(formatOf(name, bytes).parse(bytes, name)).predict({ rows: inputs.length, columns: data.length / inputs.length, data }), predict);
  if (!(difference < 1e-5)) problems.push(`${library} ${release} ${name}: ${difference}`);
  cellOf(families, `| ${library} | ${library} ${release}`).add(predict.data.flat().length, difference);
  cellOf(rowOf(kinds, `${library}: ${kindOf(name)}`), release).add(predict.data.flat().length, difference);
}

process.stdout.write(`${[
  '| family | release | models | answers | largest relative difference |', '| --- | --- | --- | --- | --- |',
  ...Array.from(families, ([head, { models, answers, worst }]) => `${head} | ${models} | ${answers} | ${worst.toExponential(1)} |`),
  '', ...byRelease('estimator of scikit-learn', estimators), '', ...LIBRARIES.flatMap((library) => [...byRelease(`model of ${library}`, new Map([...kinds].filter(([kind]) => kind.startsWith(library)))), '']),
  ...problems,
].join('\n')}\n`);

function differenceOf(one: FamilyCase): number {
  try {
    return Math.max(...differencesOf(sklearnFormat.parse(one.pickle, one.name), one).values());
  } catch (error) {
    problems.push(`${one.name}: ${error instanceof Error ? error.message : String(error)}`);
    return Infinity;
  }
}

/** A line for each model, a column for each release: the number of models and the largest difference. */
function byRelease(head: string, rows: ReadonlyMap<string, ReadonlyMap<string, Cell>>): string[] {
  const releases = [...new Set([...rows.values()].flatMap((row) => [...row.keys()]))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const lines = [...rows].sort(([a], [b]) => a.localeCompare(b, 'en')).map(([name, row]) => {
    const cells = releases.map((release) => row.get(release)).map((cell) => (cell ? `${cell.worst === 0 ? '0' : cell.worst.toExponential(1)} (${cell.models})` : ''));
    return `| ${name} | ${cells.join(' | ')} |`;
  });
  return [`| ${head} | ${releases.join(' | ')} |`, `| --- |${' --- |'.repeat(releases.length)}`, ...lines];
}

function rowOf(rows: Map<string, Map<string, Cell>>, name: string): Map<string, Cell> {
  const row = rows.get(name) ?? new Map<string, Cell>();
  rows.set(name, row);
  return row;
}

function cellOf(cells: Map<string, Cell>, name: string): Cell {
  const cell = cells.get(name) ?? new Cell();
  cells.set(name, cell);
  return cell;
}
