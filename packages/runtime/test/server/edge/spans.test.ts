import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ask } from '../../support/http';
import { serve } from '../../support/served';
import { until } from '../../../../../test/support/until';

interface OtlpSpan { readonly traceId: string; readonly parentSpanId?: string; readonly name: string; readonly kind: number; readonly startTimeUnixNano: string; readonly endTimeUnixNano: string; readonly attributes: unknown[] }
interface OtlpDocument { readonly resourceSpans: { readonly resource: unknown; readonly scopeSpans: { readonly spans: OtlpSpan[] }[] }[] }

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
let collector: Server;
let received: OtlpDocument[];

beforeEach(async () => {
  received = [];
  collector = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => {
      if (request.url === '/v1/traces') received.push(JSON.parse(text) as OtlpDocument);
      response.end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
});

afterEach(() => {
  collector.closeAllConnections();
  collector.close();
});

test('a span a prediction goes to the collector, below the span of the caller; unsampled traces and probes stay out', async () => {
  const { port, close } = await serve({ otlp: { endpoint: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`, serviceName: 'iris' } });
  const predict = (traceparent: string): Promise<unknown> => ask(port, '/v1/models/sk:predict', { body: '{"instances":[[1,2,3,4]]}', headers: { traceparent } });
  await predict(`00-${TRACE}-00f067aa0ba902b7-01`);
  await predict(`00-${TRACE}-00f067aa0ba902b8-00`);
  await ask(port, '/v2/health/live');
  await close();
  await until('a document', () => received.length === 1);
  expect(received[0]?.resourceSpans[0]?.resource).toEqual({ attributes: [{ key: 'service.name', value: { stringValue: 'iris' } }] });
  const spans = received.flatMap((document) => document.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
  expect(spans).toHaveLength(1);
  const [span] = spans;
  expect(span).toMatchObject({ traceId: TRACE, parentSpanId: '00f067aa0ba902b7', name: 'POST /v1/models/sk:predict', kind: 2 });
  expect(span?.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: '200' } });
  expect(BigInt(span?.endTimeUnixNano ?? 0)).toBeGreaterThan(BigInt(span?.startTimeUnixNano ?? 0));
});

test('a collector that is away loses spans, not requests', async () => {
  const lines: string[] = [];
  const log = { info: () => {}, error: () => {}, warn: (line: string) => lines.push(line) };
  const { port, close } = await serve({ otlp: { endpoint: 'http://127.0.0.1:9', serviceName: 'iris' }, log });
  expect((await ask(port, '/v1/models/sk:predict', { body: '{"instances":[[1,2,3,4]]}' })).status).toBe(200);
  await close();
  expect(lines).toEqual([expect.stringContaining('1 span(s) could not be sent')]);
});
