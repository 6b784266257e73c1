import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { boostingAnswers, kindOf, LIBRARIES, ownFiles, pickledFiles } from '../support/boosting-fixtures';
import { readFamilies } from '../support/sklearn-families';

const PAGE = readFileSync(join(__dirname, '../../../../docs/reference/equality.md'), 'utf8');

/** The page as `model / release: number of models`, which is all of it but the differences. */
function countsOfPage(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  let releases: readonly string[] = [];
  for (const line of PAGE.split('\n').filter((each) => each.startsWith('| ') && !each.startsWith('| ---'))) {
    const [head = '', ...cells] = line.slice(2, -1).split('|').map((cell) => cell.trim());
    if (/ of \w/.test(head)) releases = cells;
    else cells.forEach((cell, column) => void (cell !== '' && counts.set(`${head} / ${releases[column]}`, Number(/\((\d+)\)$/.exec(cell)?.[1]))));
  }
  return counts;
}

function countsOfFixtures(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const { versions, cases } of readFamilies()) for (const { estimator } of cases) count(`${estimator} / ${versions['scikit-learn']}`);
  for (const library of LIBRARIES) for (const name of [...ownFiles(library), ...pickledFiles(library)]) count(`${library}: ${kindOf(name)} / ${boostingAnswers(library, name).versions[library]}`);
  return counts;
}

test('the equality page has every recorded model and no other', () => {
  expect(Object.fromEntries(countsOfPage())).toEqual(Object.fromEntries(countsOfFixtures()));
});

test('the page has at least ninety kinds of models of scikit-learn, and no difference beyond the tolerance', () => {
  const differences = Array.from(PAGE.matchAll(/ (\S+) \(\d+\)/g), ([, value]) => Number(value));
  expect(differences.length).toBeGreaterThan(400);
  expect(Math.max(...differences)).toBeLessThan(1e-6);
  expect(new Set([...countsOfPage().keys()].filter((name) => !name.includes(': ')).map((name) => name.split(' / ')[0])).size).toBeGreaterThanOrEqual(90);
});
