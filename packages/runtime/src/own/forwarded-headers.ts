/**
 * Headers that go on to the service behind a transformer. KServe differs: it passes on `x-request-id`, `x-b3-traceid` and
 * `authorization` only, so that W3C traces and most of B3 end at the transformer.
 */
const FORWARDED: readonly string[] = [
  'authorization', 'x-request-id',
  'traceparent', 'tracestate', 'baggage',
  'b3', 'x-b3-traceid', 'x-b3-spanid', 'x-b3-parentspanid', 'x-b3-sampled', 'x-b3-flags',
];

export function forwardedHeaders(headers: Readonly<NodeJS.Dict<string | string[]>>): Record<string, string> {
  const forwarded: Record<string, string> = {};
  for (const name of FORWARDED) {
    const value = headers[name];
    if (value !== undefined) forwarded[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return forwarded;
}
