import { childOf, cleanTraceHeaders, formatTraceparent, parseTraceparent } from '../../../src/server/edge/trace-context';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

test.each([
  [`00-${TRACE}-${SPAN}-01`, true],
  [`00-${TRACE}-${SPAN}-00`, false],
  [`cc-${TRACE}-${SPAN}-01-what-the-future-brings`, true],
])('reads %s', (header, sampled) => {
  expect(parseTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN, sampled });
});

test.each([
  [`00-${TRACE}-${SPAN}-01-more`], [`ff-${TRACE}-${SPAN}-01`], [`00-${'0'.repeat(32)}-${SPAN}-01`], [`00-${TRACE}-${'0'.repeat(16)}-01`],
  [`00-${TRACE.toUpperCase()}-${SPAN}-01`], [`00-${TRACE}-${SPAN}`], [''], [undefined], [['a', 'b']],
])('ignores %j, and does not pass it on', (header) => {
  expect(parseTraceparent(header)).toBeUndefined();
  const headers = { ...(header === undefined ? {} : { traceparent: header as string }), tracestate: 'vendor=1' };
  cleanTraceHeaders(headers);
  expect(headers).not.toHaveProperty('traceparent');
  expect('tracestate' in headers).toBe(header === undefined);
});

test('a child keeps the trace and the decision to sample', () => {
  const parent = { traceId: TRACE, spanId: SPAN, sampled: false };
  const child = childOf(parent);
  expect(child).toEqual({ traceId: TRACE, spanId: expect.stringMatching(/^[0-9a-f]{16}$/), sampled: false });
  expect(child.spanId).not.toBe(SPAN);
  expect(parseTraceparent(formatTraceparent(childOf(undefined)))).toMatchObject({ sampled: true });
});
