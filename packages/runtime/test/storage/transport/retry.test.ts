import { isMetadataAddress } from '../../../src/storage/transport/address-guard';
import { HttpFailure, TransferFailure } from '../../../src/storage/transport/failure';
import { redactUri } from '../../../src/storage/transport/redact';
import { retry } from '../../../src/storage/transport/retry';
import { elementsOf, textOf } from '../../../src/storage/transport/xml';
import { shellPattern } from '../../../src/storage/filters';
import { parseSettings } from '../../../src/storage/settings';
import { fakeClock } from '../support/fake-clock';

const signal = new AbortController().signal;

async function failing(error: Error, attempts: number): Promise<{ tries: number; waits: readonly number[] }> {
  const clock = fakeClock();
  let tries = 0;
  await expect(retry(async () => { tries++; throw error; }, { clock, signal, attempts })).rejects.toBe(error);
  return { tries, waits: clock.waits };
}

test('pauses double up to a ceiling, each by chance below its double', async () => {
  expect(await failing(new TransferFailure('x'), 9)).toEqual({ tries: 9, waits: [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000] });
});

test.each([['7', 7000], ['86400', 60_000], ['nonsense', 250], [undefined, 250]])('Retry-After %s waits %s ms', async (value, ms) => {
  const { waits } = await failing(new HttpFailure(503, value === undefined ? {} : { 'retry-after': value }, ''), 2);
  expect(waits).toEqual([ms]);
});

test.each([400, 401, 403, 404, 409, 412, 416])('status %s is not tried again', async (status) => {
  expect((await failing(new HttpFailure(status, {}, ''), 5)).tries).toBe(1);
});

test('an error of our own is not tried again', async () => {
  expect((await failing(new Error('a mistake'), 5)).tries).toBe(1);
});

test.each([
  ['169.254.169.254', true], ['169.254.0.1', true], ['[fe80::1]', true], ['[fd00:ec2::254]', true], ['[::ffff:169.254.169.254]', true], ['100.100.100.200', true],
  ['10.0.0.1', false], ['192.168.1.1', false], ['example.com', false], ['[2001:db8::1]', false],
])('%s is a metadata address: %s', (host, expected) => {
  expect(isMetadataAddress(host)).toBe(expected);
});

test.each([
  ['https://ann:pw@host/a', 'https://***@host/a'],
  ['https://host/a?sv=1&sig=abc%3D&generation=5', 'https://host/a?sv=***&sig=***&generation=5'],
  ['s3://bucket/a@b', 's3://bucket/a@b'],
  ['/a/b', '/a/b'],
])('%s is shown as %s', (uri, shown) => {
  expect(redactUri(uri)).toBe(shown);
});

test.each([
  ['*.json', 'a/b.json', true], ['*.json', 'a.jsonl', false], ['model-?.bin', 'model-1.bin', true], ['[ab]*', 'b/x', true], ['[!ab]*', 'b/x', false], ['a.b', 'axb', false], ['(x)', '(x)', true],
])('the pattern %s on %s: %s', (pattern, path, matches) => {
  expect(shellPattern(pattern).test(path)).toBe(matches);
});

test('memory bounds the connections, and nonsense is refused', () => {
  expect(parseSettings({}).connections).toBe(16);
  expect(parseSettings({ ISVC_FETCH_MEMORY_MIB: '72' }).connections).toBe(2);
  expect(parseSettings({ ISVC_FETCH_MEMORY_MIB: '10' }).connections).toBe(1);
  expect(parseSettings({ S3_READ_TIMEOUT: '5', ISVC_FETCH_STALL_SECONDS: '' }).stallMs).toBe(5000);
  expect(() => parseSettings({ ISVC_FETCH_PART_MIB: 'much' })).toThrow('ISVC_FETCH_PART_MIB must be a number above 0, got "much"');
});

test('XML of stores is read with its entities', () => {
  const xml = '<R a="1"><Key>a&amp;b&#x41;&#66;&lt;</Key><Key>c</Key><Keys>no</Keys></R>';
  expect([textOf(xml, 'Key'), elementsOf(xml, 'Key').length, textOf(xml, 'Nope')]).toEqual(['a&bAB<', 2, undefined]);
});
