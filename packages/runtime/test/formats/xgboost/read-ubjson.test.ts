import { readUbjson } from '../../../src/formats/xgboost/ubjson/read-ubjson';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { encode, key, long, raw } from '../../support/ubjson-writer';

function read(...parts: readonly (string | Buffer)[]): unknown {
  return readUbjson(raw(...parts), 'model.ubj');
}

test.each<readonly [what: string, bytes: Buffer, value: unknown]>([
  ['null', raw('Z'), null],
  ['true', raw('T'), true],
  ['int8', raw('i\xff'), -1],
  ['uint8', raw('U\xff'), 255],
  ['int16', raw('I\x01\x02'), 258],
  ['int32', raw('l\xff\xff\xff\xfe'), -2],
  ['int64', long(-5), -5],
  ['float32', raw('d\x3f\x80\x00\x00'), 1],
  ['float64', raw('D\x3f\xf8', '\0'.repeat(6)), 1.5],
  ['a character', raw('Cx'), 'x'],
  ['a string with a short length', raw('Si\x03abc'), 'abc'],
  ['a counted object', raw('{#i\x01', key('a'), 'T'), { a: true }],
  ['a counted list', raw('[#i\x02TF'), [true, false]],
  ['no-ops between', raw('[NNTN]'), [true]],
  ['a list of int32', raw('[$l#i\x02', '\0\0\0\x07\xff\xff\xff\xff'), Int32Array.of(7, -1)],
  ['a list of float32', raw('[$d#i\x01', '\xbf\x80\0\0'), Float32Array.of(-1)],
  ['a list of float64', raw('[$D#i\x01', '\x40\0\0\0\0\0\0\0'), Float64Array.of(2)],
  ['a list of int64', raw('[$L#i\x01', '\0\0\0\0\0\0\0\x09'), Float64Array.of(9)],
  ['a list of int16', raw('[$I#i\x01\x01\0'), Int16Array.of(256)],
  ['an empty list of bytes', raw('[$U#i\0'), new Uint8Array(0)],
])('reads %s', (_what, bytes, value) => {
  expect(readUbjson(bytes, 'model.ubj')).toEqual(value);
});

test('a key named like a property of every object is a key', () => {
  const value = read('{', key('__proto__'), '{', key('a'), 'T', '}', key('constructor'), 'F', '}') as Record<string, unknown>;
  expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
  expect(({} as { a?: boolean }).a).toBeUndefined();
});

test.each<readonly [what: string, bytes: Buffer, message: RegExp]>([
  ['a string longer than the file', raw('S', long(2n ** 62n), 'abc'), /a length of 46116860184273\d+ where 3 bytes are left/],
  ['a negative length', raw('S', long(-1)), /a length of -1/],
  ['a length that is a fraction', raw('SD\x3f\xf8', '\0'.repeat(6)), /a length of 1\.5/],
  ['a length that is not a number', raw('SD\x7f\xf8', '\0'.repeat(6)), /a length of NaN/],
  ['a length that is text', raw('SSi\x01a'), /there is no mark 0x53/],
  ['a typed list longer than the file', raw('[$d#', long(2n ** 40n), '\0\0\0\0'), /a length of 1099511627776 where 4 bytes are left/],
  ['a typed list one element short', raw('[$d#i\x02', '\0\0\0\0\0\0\0'), /a length of 2 where 7 bytes/],
  ['a counted list longer than the file', raw('[#', long(2n ** 31n), 'T'), /a length of 2147483648/],
  ['a counted object longer than the file', raw('{#', long(2n ** 31n), 'i\x01aT'), /a length of 2147483648/],
  ['a billion nulls in ten bytes', raw('[$Z#l\x3b\x9a\xca\0'), /no lists of type "Z"/],
  ['a list of a type without a length', raw('[$d]'), /has no length/],
  ['an object of one type', raw('{$T#i\x01', key('a')), /an object of one type/],
  ['an unknown mark', raw('[\x01]'), /there is no mark 0x1 /],
  ['bytes behind the end', raw('TT'), /1 bytes are left behind the end/],
  ['nothing', raw(), /ends too early/],
  ['a list without an end', raw('[TT'), /ends too early/],
  ['lists in lists without an end', raw('['.repeat(100_000)), /nested more than 64 deep/],
  ['objects in objects', raw(...Array.from({ length: 100 }, () => raw('{', key('a')))), /nested more than 64 deep/],
])('%s is corrupt', (_what, bytes, message) => {
  const error = isvcErrorOf(() => readUbjson(bytes, 'model.ubj'));
  expect([error.code, error.path]).toEqual(['ISVC_MODEL_CORRUPT', 'model.ubj']);
  expect(`${error.message} `).toMatch(message);
});

test('what the writer of the other tests writes is what the reader reads', () => {
  const value = { a: [1, 2.5, 'x', null, true], b: { c: [] } };
  expect(JSON.parse(JSON.stringify(readUbjson(encode(value), 'model.ubj')))).toEqual(value);
});
