import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { lintPages } from '../../scripts/lint-pages';

const ROOT = join(__dirname, '..', '..');

describe('the lint reference', () => {
  const pages = lintPages();

  it('is what the rule table says; run "npm run generate" after a change', () => {
    for (const [file, text] of pages) expect([file, readFileSync(join(ROOT, file), 'utf8')]).toEqual([file, text]);
  });

  it('has no other pages', () => {
    const present = readdirSync(join(ROOT, 'docs/reference/lint')).map((f) => `docs/reference/lint/${f}`);
    expect(present.sort()).toEqual([...pages.keys()].sort());
  });
});
