import type { KubeObject } from '../../../src/api';
import { leadsTo } from '../../../src/status';
import { goldenCases, renderCase } from '../../support/golden';

const cases = goldenCases().filter((golden) => golden.modes.includes('raw'));

describe('whether a Service leads to a Deployment', () => {
  it.each(cases.map((golden) => [golden.name, golden] as const))('%s: it does, as rendered', (_name, golden) => {
    const { children } = renderCase(golden, 'raw');
    const named = (kind: string) => (c: KubeObject): boolean => c.kind === kind && ['v1', 'apps/v1'].includes(c.apiVersion);
    const astray = children.filter(named('Deployment')).flatMap((d) => children.filter((s) => named('Service')(s) && s.metadata.name === d.metadata.name && !leadsTo(s, d)));
    expect(astray.map((s) => s.metadata.name)).toEqual([]);
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['some of its labels', { app: 'a' }, true],
    ['another value', { app: 'b' }, false],
    ['a label more', { app: 'a', role: 'head' }, false],
  ])('that selects %s', (_what, selector, expected) => {
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec: { template: { metadata: { labels: { app: 'a', version: '1' } } } } };
    expect(leadsTo({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { selector } }, deployment)).toBe(expected);
  });
});
