import { createColors } from 'picocolors';
import type { InferenceService } from 'cdk8s-kserve/api';
import { age, isvcTable, waitingLines } from '../../src/output/isvc-table';
import { LiveTable } from '../../src/output/live-table';
import { problemText } from '../../src/output/problem-line';

const NOW = new Date('2026-01-01T00:00:10Z');

function service(name: string, ready: string, extra: object = {}): InferenceService {
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', spec: { predictor: {} },
    metadata: { name, namespace: 'ns', creationTimestamp: '2026-01-01T00:00:00Z' },
    status: { url: `http://${name}`, conditions: [{ type: 'Ready', status: ready, ...extra }] },
  } as InferenceService;
}

describe('isvcTable', () => {
  it('shows what kubectl get isvc shows, sorted and aligned', () => {
    expect(isvcTable([service('b', 'False'), service('a-long-name', 'True')], NOW)).toEqual([
      'NAMESPACE   NAME          URL                  READY   LATESTREADYREVISION   AGE',
      'ns          a-long-name   http://a-long-name   True                          10s',
      'ns          b             http://b             False                         10s',
    ]);
  });

  it.each([[119, '119s'], [120, '2m'], [7200, '2h'], [172_800, '2d']])('an age of %i seconds is %s', (seconds, text) => {
    expect(age(service('a', 'True'), new Date(Date.parse('2026-01-01T00:00:00Z') + seconds * 1000))).toBe(text);
  });

  it('says why a service waits', () => {
    expect(waitingLines([service('a', 'False', { reason: 'NoSupportingRuntime', message: 'none' }), service('b', 'True')])).toEqual(['ns/a: NoSupportingRuntime: none']);
  });
});

describe('LiveTable', () => {
  function screen(isTTY: boolean): { text: string; readonly isTTY: boolean; readonly columns: number; write(t: string): void } {
    return { text: '', isTTY, columns: 20, write(t: string) { this.text += t; } };
  }

  it('redraws in place on a terminal and never wraps', () => {
    const out = screen(true);
    const table = new LiveTable(out);
    table.draw(['one', 'x'.repeat(40)], 'a');
    table.draw(['two'], 'b');
    expect(out.text).toBe(`\x1b[2Kone\n\x1b[2K${'x'.repeat(19)}\n\x1b[2A\x1b[0J\x1b[2Ktwo\n`);
  });

  it('prints only news elsewhere, without escape codes', () => {
    const out = screen(false);
    const table = new LiveTable(out);
    table.draw(['one 1s'], 'a');
    table.draw(['one 2s'], 'a');
    table.draw(['two'], 'b');
    expect(out.text).toBe('one 1s\ntwo\n');
  });
});

describe('problemText', () => {
  it('is one line that editors can follow', () => {
    const problem = { file: '/w/dist/a.yaml', position: { line: 3, column: 5 }, code: 'ISVC_API_UNKNOWN_FIELD', severity: 'error', message: 'spec.x: unknown field "x"', hint: 'did you mean "y"' } as const;
    expect(problemText(problem, createColors(false), '/w')).toBe('dist/a.yaml:3:5: error: spec.x: unknown field "x"; did you mean "y" [ISVC_API_UNKNOWN_FIELD]');
  });
});
