import { ask } from '../support/http';
import { serve } from '../support/served';
import { DurationHistogram } from '../../src/metrics/duration-histogram';

/** Values of `/metrics` by series. */
async function scrape(port: number): Promise<ReadonlyMap<string, number>> {
  const { text } = await ask(port, '/metrics');
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

describe('/metrics', () => {
  test('counts every phase under the names of KServe, from the first request on', async () => {
    const { port } = await serve();
    const predict = (body: string): Promise<unknown> => ask(port, '/v1/models/sk:predict', { body });
    await predict('{"instances":[[1,2,3,4]]}');
    await predict('{"instances":[[1,2]]}'); // fails in the model
    await predict('{"instances":['); // never reaches it
    const metrics = await scrape(port);
    const count = (name: string): number | undefined => metrics.get(`${name}_count{model_name="sk"}`);
    expect([count('request_preprocess_seconds'), count('request_predict_seconds'), count('request_postprocess_seconds')]).toEqual([2, 2, 1]);
    expect(metrics.get('request_predict_seconds_bucket{le="+Inf",model_name="sk"}')).toBe(2);
    expect(metrics.get('request_predict_seconds_bucket{le="1.0",model_name="sk"}')).toBe(2);
    expect(metrics.get('request_predict_seconds_sum{model_name="sk"}')).toBeGreaterThan(0);
  });

  test('is the classic text format, with help and type, and with the process beside the requests', async () => {
    const { port } = await serve();
    const answer = await ask(port, '/metrics');
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.text).toContain('# HELP request_predict_seconds predict request latency\n# TYPE request_predict_seconds histogram\n');
    expect(answer.text).toMatch(/^process_cpu_seconds_total \d/m);
    expect(answer.text.endsWith('\n')).toBe(true);
  });

  test('two servers in one process count apart', async () => {
    const [one, two] = [await serve(), await serve()];
    await ask(one.port, '/v1/models/sk:predict', { body: '{"instances":[[1,2,3,4]]}' });
    expect((await scrape(one.port)).get('request_predict_seconds_count{model_name="sk"}')).toBe(1);
    expect((await scrape(two.port)).has('request_predict_seconds_count{model_name="sk"}')).toBe(false);
  });
});

test('a duration histogram puts each value into the first bucket that holds it', () => {
  const histogram = new DurationHistogram();
  for (const seconds of [0, 0.005, 0.0051, 1, 11]) histogram.observe(seconds);
  expect(histogram.cumulative()).toEqual([2, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5]);
  expect(histogram.sum).toBeCloseTo(12.0101);
});
