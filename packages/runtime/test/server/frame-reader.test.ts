import { frame, FrameReader } from '../../src/server/grpc/frame-reader';

test.each([1, 3, 7, 1000])('messages are the same in chunks of %d bytes', (width) => {
  const messages = ['first', '', 'x'.repeat(300), 'last'].map((text) => Buffer.from(text));
  const bytes = Buffer.concat(messages.map(frame));
  const reader = new FrameReader(300, undefined);
  const read: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += width) read.push(...reader.push(bytes.subarray(at, at + width)));
  expect(read).toEqual(messages);
  expect(reader.unfinished).toBe(false);
  reader.push(Buffer.from([0]));
  expect(reader.unfinished).toBe(true);
});

test('what is too large, or compressed in a way nobody knows, is refused', () => {
  expect(() => new FrameReader(2, undefined).push(frame(Buffer.from('abc')))).toThrow('larger than max (3 vs. 2)');
  const compressed = Buffer.from([1, 0, 0, 0, 1, 7]);
  expect(() => new FrameReader(9, 'snappy').push(compressed)).toThrow('"snappy" is not known');
  expect(() => new FrameReader(9, 'gzip').push(compressed)).toThrow('no gzip');
});
