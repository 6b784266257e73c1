import { deflateSync, gzipSync } from 'node:zlib';
import { MAX_INFLATED_BYTES, openPickle } from '../../../src/formats/joblib/decompress';
import { isvcErrorOf } from '../../support/isvc-error-of';

const CONTENT = Buffer.from('\x80\x04N.', 'latin1');

test.each([
  ['plain', CONTENT],
  ['zlib without compression', deflateSync(CONTENT, { level: 0 })],
  ['zlib, fast', deflateSync(CONTENT, { level: 3 })],
  ['zlib, default', deflateSync(CONTENT)],
  ['zlib, best', deflateSync(CONTENT, { level: 9 })],
  ['gzip', gzipSync(CONTENT)],
])('opens %s content', (_what, bytes) => {
  expect(openPickle(bytes, 'm.joblib').bytes).toEqual(CONTENT);
});

test('positions in decompressed content are named as such', () => {
  expect(openPickle(gzipSync(CONTENT), 'm.joblib').corrupt('x').message).toContain('byte 0 of the decompressed data');
  expect(openPickle(CONTENT, 'm.joblib').corrupt('x').message).toContain('byte 0: x');
});

test.each([
  ['bz2', Buffer.from('BZh91AY'), /compressed with bz2/],
  ['lzma', Buffer.of(0x5d, 0, 0), /compressed with lzma/],
  ['xz', Buffer.from('\xfd7zXZ\0', 'latin1'), /compressed with xz/],
  ['lz4', Buffer.of(0x04, 0x22, 0x4d, 0x18), /compressed with lz4/],
  ['old joblib', Buffer.from('ZF0x10'), /joblib before 0\.10/],
  ['a Git LFS pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\noid'), /Git LFS pointer/],
  ['a zip archive', Buffer.from('PK\x03\x04'), /zip archive/],
  ['an error page', Buffer.from('<!DOCTYPE html>'), /HTML page/],
])('%s is unsupported, with its name and a way out', (_what, bytes, message) => {
  const error = isvcErrorOf(() => openPickle(bytes, 'm.joblib'));
  expect(error.code).toBe('ISVC_MODEL_UNSUPPORTED');
  expect(error.message).toMatch(message);
  expect(error.hint).toBeTruthy();
});

test('an empty file is corrupt', () => {
  expect(isvcErrorOf(() => openPickle(Buffer.alloc(0), 'm.joblib')).toLine()).toMatch(/^m\.joblib: the file is empty.*\[ISVC_MODEL_CORRUPT\]$/);
});

test.each([
  ['zlib', deflateSync(Buffer.alloc(5000, 7))],
  ['gzip', gzipSync(Buffer.alloc(5000, 7))],
])('damaged and cut %s data is corrupt', (name, bytes) => {
  const flipped = Buffer.from(bytes);
  flipped[Math.floor(bytes.length / 2)] = (flipped[Math.floor(bytes.length / 2)] ?? 0) ^ 0xff;
  for (const damaged of [flipped, bytes.subarray(0, bytes.length - 3)]) {
    const error = isvcErrorOf(() => openPickle(damaged, 'm.joblib'));
    expect(error.code).toBe('ISVC_MODEL_CORRUPT');
    expect(error.message).toContain(`the ${name} data is damaged or cut short`);
  }
});

test('content that grows beyond the limit is refused before it is all there', () => {
  const bomb = deflateSync(Buffer.alloc(1 << 20));
  const error = isvcErrorOf(() => openPickle(bomb, 'm.joblib', 1 << 16));
  expect(error.code).toBe('ISVC_MODEL_UNSUPPORTED');
  expect(error.message).toContain('decompresses to more than 65536 bytes');
  expect(MAX_INFLATED_BYTES).toBe(2 ** 30);
});
