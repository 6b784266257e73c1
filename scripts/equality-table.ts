/**
 * Prints how far the runtime's answers lie from scikit-learn's own, by family and release, over the committed fixtures:
 * models, rows asked, and the largest relative difference of any number. Unequal labels and refused models are named.
 *
 *     npx tsx scripts/equality-table.ts [--cases]
 */
import { sklearnFormat } from '../packages/runtime/src/formats/sklearn/sklearn-format';
import { differencesOf, readFamilies } from '../packages/runtime/test/support/sklearn-families';

const listsCases = process.argv.includes('--cases');
const problems: string[] = [];
const lines = ['| family | scikit-learn | models | answers | largest relative difference |', '| --- | --- | --- | --- | --- |'];

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
  lines.push(`| ${family} | ${version} | ${cases.length} | ${answers} | ${worst.toExponential(1)} |`);
}

process.stdout.write(`${[...lines, ...problems].join('\n')}\n`);
