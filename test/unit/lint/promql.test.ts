import * as fc from 'fast-check';
import { isMeanOrShare, metricsOf } from '../../../src/lint/promql';

const names = (query: string): readonly string[] => metricsOf(query).map((m) => m.name);

describe('metricsOf', () => {
  it.each<[string, readonly string[]]>([
    ['sum(vllm:num_requests_waiting{namespace="a",model_name="b"})', ['vllm:num_requests_waiting']],
    ['sum by (pod, job) (rate(requests_total[2m] offset 5m)) / on (pod) group_left(job) up', ['requests_total', 'up']],
    ['sum(a) + 1e3 or vector(0)', ['a']],
    ['clamp_min(sum(rate(x{path=~"/v1/.*}",b="c"}[1m])), 0.001) > bool 5', ['x']],
    ['max_over_time(queue_length[5m:30s])', ['queue_length']],
    ['vector(1)', []],
    ['', []],
  ])('of %s', (query, expected) => expect(names(query)).toEqual(expected));

  it('keeps the label matchers', () => expect(metricsOf('sum(x{pod=~"iris-.*"}) + y')).toEqual([{ name: 'x', labels: '{pod=~"iris-.*"}' }, { name: 'y', labels: '' }]));
});

describe('isMeanOrShare', () => {
  it.each(['avg(x)', ' avg by (pod) (x{a="b"})', 'avg(x) * 100', 'sum(a) / sum(b)', '(sum(a) / sum(b)) * 100', 'max(queue)', 'histogram_quantile(0.95, sum by (le) (rate(d_bucket[5m])))', 'a / b', 'avg without (gpu)(x)'])(
    '%s is one', (query) => expect(isMeanOrShare(query)).toBe(true),
  );

  it.each(['sum(x)', 'sum(x) / 1000', 'sum(rate(x[2m]))', 'sum(used / total)', 'sum(avg_over_time(x[5m]))', 'count(x)', 'x', 'sum(x{path="a/b"})', 'sum(x) or vector(0)', '('])(
    '%s is none', (query) => expect(isMeanOrShare(query)).toBe(false),
  );

  it('takes any text', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('(', ')', '{', '}', '"', '/', 'a', ' ', '[', ']', ',', '1') }), (text) => {
      expect(typeof isMeanOrShare(text)).toBe('boolean');
      expect(Array.isArray(metricsOf(text))).toBe(true);
    }));
  });
});
