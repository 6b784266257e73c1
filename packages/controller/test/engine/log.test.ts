import { lineLog } from '../../src/engine/log';

test('a message is one line, whatever the fields hold, and lower levels are left out', () => {
  const lines: string[] = [];
  const log = lineLog('info', (line) => lines.push(line));
  log.debug('not this');
  log.info('applied', { kind: 'Deployment', count: 2, missing: undefined, text: 'two\nlines "quoted"', list: ['a'] });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z INFO applied kind=Deployment count=2 text="two\\nlines \\"quoted\\"" list="\[\\"a\\"\]"\n$/);
});
