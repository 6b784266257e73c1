/**
 * Prints how far the runtime's answers lie from the libraries' own, by family and release, over the committed fixtures:
 * models, answers, and the largest relative difference of any number. Unequal labels and refused models are named.
 *
 *     npx tsx scripts/equality-table.ts [--cases]
 */
import { formatOf } from '../packages/runtime/src/formats/registry';
import { sklearnFormat } from '../packages/runtime/src/formats/sklearn/sklearn-format';
import { tabular } from '../packages/runtime/src/model/tabular';
import { type Library, boostingAnswers, boostingBytes, largestDifference, ownFiles, pickledFiles } from '../packages/runtime/test/support/boosting-fixtures';
import { differencesOf, readFamilies } from '../packages/runtime/test/support/sklearn-families';

const listsCases = process.argv.includes('--cases');
const problems: string[] = [];
const lines = ['| family | release | models | answers | largest relative difference |', '| --- | --- | --- | --- | --- |'];

for (const { family, versions, cases } of readFamilies()) {
  const version = versions['scikit-learn'] ?? '';
  let answers = 0;
  let worst = 0;
  for (const one of cases) {
    try {
      for (const [method, difference] of differencesOf(sklearnFormat.parse(one.pickle, one.name), one)) {
        answers += one.answers[method]?.data.length ?? 0;
        worst = Math.max(worst, difference);
        if (!(difference < 1e-6) || listsCases) problems.push(`${family} ${version} ${one.name} ${method}: ${difference}`);
      }
    } catch (error) {
      worst = Infinity;
      problems.push(`${family} ${version} ${one.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  lines.push(`| ${family} | scikit-learn ${version} | ${cases.length} | ${answers} | ${worst.toExponential(1)} |`);
}

for (const library of ['xgboost', 'lightgbm', 'catboost'] as const) for (const [release, files] of releasesOf(library)) {
  let answers = 0;
  let worst = 0;
  for (const name of files) {
    const { inputs, predict } = boostingAnswers(library, name);
    const bytes = boostingBytes(library, name);
    const model = tabular(formatOf(name, bytes).parse(bytes, name));
    const data = Float64Array.from(inputs.flat(), Number);
    const difference = largestDifference(model.predict({ rows: inputs.length, columns: data.length / inputs.length, data }), predict);
    answers += predict.data.flat().length;
    worst = Math.max(worst, difference);
    if (!(difference < 1e-5) || listsCases) problems.push(`${library} ${release} ${name}: ${difference}`);
  }
  lines.push(`| ${library} | ${library} ${release} | ${files.length} | ${answers} | ${worst.toExponential(1)} |`);
}

/** Models of a library by the release that wrote them. */
function releasesOf(library: Library): ReadonlyMap<string, readonly string[]> {
  const releases = new Map<string, string[]>();
  for (const name of [...ownFiles(library), ...pickledFiles(library)]) {
    const release = boostingAnswers(library, name).versions[library] ?? '';
    releases.set(release, [...(releases.get(release) ?? []), name]);
  }
  return releases;
}

process.stdout.write(`${[...lines, ...problems].join('\n')}\n`);
