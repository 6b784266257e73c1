import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { KubeObject } from '../../src/api';
import { lint } from '../../src/lint';
import { CASES, haveCases, kserveCases } from './kserve-case';

interface Verdict {
  readonly id: string;
  readonly input: KubeObject;
  readonly verdict: 'allowed' | 'rejected';
  readonly existing?: KubeObject;
}

if (!haveCases()) {
  it.skip(`is skipped: the recorded verdicts of KServe's webhooks are not at ${CASES}`, () => undefined);
} else {
  // Verdicts over an update hang on what was there before, which a folder does not show.
  const verdicts = (parse(readFileSync(join(CASES, 'admission.yaml'), 'utf8')) as readonly Verdict[]).filter((v) => v.existing === undefined);
  const world = kserveCases()[0]?.world ?? [];

  describe('lint against KServe\'s webhooks', () => {
    it.each(verdicts.filter((v) => v.verdict === 'rejected').map((v) => [v.id, v] as const))('finds an error in %s, which they refuse', (_id, { input }) => {
      expect(lint([{ object: input }], { world }).filter((f) => f.severity === 'error')).not.toEqual([]);
    });
  });
}
