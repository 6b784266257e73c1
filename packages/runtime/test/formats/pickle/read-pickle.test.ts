import { ByteReader } from '../../../src/formats/pickle/byte-reader';
import { bytesOf } from '../../../src/formats/pickle/bytes-of';
import { OPCODE_NAMES } from '../../../src/formats/pickle/opcode-names';
import type { PickleOptions } from '../../../src/formats/pickle/pickle-machine';
import { readPickle } from '../../../src/formats/pickle/read-pickle';
import { PickledGlobal, PickledObject, type PickleValue } from '../../../src/formats/pickle/value';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { call, int, pickle, text, tuple } from '../../support/pickle-writer';

function read(bytes: Buffer | string, options: Partial<PickleOptions> = {}): PickleValue {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  return readPickle(new ByteReader(buffer, 'model.pkl'), { allows: () => true, ...options });
}

// Written by Python's own pickle.dumps, except where Python 3 no longer writes the form.
test.each<readonly [what: string, bytes: string, value: PickleValue]>([
  ['None', '\x80\x04N.', null],
  ['True', '\x80\x04\x88.', true],
  ['False', '\x80\x04\x89.', false],
  ['True in protocol 0', 'I01\n.', true],
  ['False in protocol 0', 'I00\n.', false],
  ['an integer in protocol 0', 'I-12\n.', -12],
  ['a long in protocol 0', 'L12345678901234567890L\n.', 12345678901234567890n],
  ['a byte', 'K\xff.', 255],
  ['two bytes', 'M\x01\x02.', 513],
  ['a negative integer', 'J\xfe\xff\xff\xff.', -2],
  ['LONG1 of no bytes', '\x8a\x00.', 0],
  ['LONG1, negative', '\x8a\x01\xff.', -1],
  ['LONG1 beyond 53 bits', '\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x40.', 2n ** 62n],
  ['LONG1 with a sign byte', '\x8a\x02\xff\x00.', 255],
  ['LONG4', '\x8b\x02\x00\x00\x00\x00\x80.', -32768],
  ['a float', 'G\x3f\xf8\x00\x00\x00\x00\x00\x00.', 1.5],
  ['a float in protocol 0', 'F-1.5e-3\n.', -0.0015],
  ['infinity in protocol 0', 'F-inf\n.', -Infinity],
  ['nan in protocol 0', 'Fnan\n.', NaN],
  ['short text', '\x8c\x02\xc3\xa9.', 'é'],
  ['long text', '\x8d\x02\x00\x00\x00\x00\x00\x00\x00ab.', 'ab'],
  ['text in protocol 0', 'Va\\u20acb\\\n.', 'a€b\\'],
  ['text beyond the basic plane in protocol 0', 'V\\U0001f600\n.', '\u{1f600}'],
  ['a Python 2 string in protocol 0', "S'it\\'s \\x41\\101\\n'\n.", "it's AA\n"],
  ['a Python 2 string', 'U\x02\xe9!.', 'é!'],
  ['short bytes', 'C\x02\x00\xff.', Buffer.of(0, 255)],
  ['bytes', 'B\x01\x00\x00\x00x.', Buffer.from('x')],
  ['long bytes', '\x8e\x01\x00\x00\x00\x00\x00\x00\x00x.', Buffer.from('x')],
  ['a bytearray', '\x96\x01\x00\x00\x00\x00\x00\x00\x00x.', Buffer.from('x')],
  ['tuples of 0 to 3', '\x80\x02)K\x01\x85K\x01K\x02\x86K\x01K\x02K\x03\x87\x87.', [[1], [1, 2], [1, 2, 3]]],
  ['a longer tuple', '(K\x01K\x02K\x03K\x04t.', [1, 2, 3, 4]],
  ['a list', ']K\x01a(K\x02K\x03e.', [1, 2, 3]],
  ['a list in protocol 0', '(lI1\na.', [1]],
  ['a dict', '}K\x01K\x02s(K\x03K\x04u.', new Map([[1, 2], [3, 4]])],
  ['a dict in protocol 0', '(dVk\nI1\ns.', new Map([['k', 1]])],
  ['a dict from a mark', '(K\x01K\x02d.', new Map([[1, 2]])],
  ['a set', '\x8f(K\x01K\x02\x90.', new Set([1, 2])],
  ['a frozenset', '(K\x01\x91.', new Set([1])],
  ['memo entries of each kind', '(K\x07\x94q\x05r\x06\x00\x00\x00p7\nh\x00h\x05j\x06\x00\x00\x00g7\nt.', [7, 7, 7, 7, 7]],
  ['DUP and POP', '(K\x01K\x0220t.', [1, 2]],
  ['POP of a mark and POP_MARK', '(K\x01(0(K\x02K\x031t.', [1]],
  ['a frame with a length that is a lie', '\x80\x04\x95\xff\xff\xff\xff\xff\xff\x00\x00N.', null],
])('reads %s', (_what, bytes, value) => {
  expect(read(bytes)).toEqual(value);
});

test('a class is a name, a call is a name with its arguments, and BUILD keeps the state beside them', () => {
  const value = read(Buffer.concat([Buffer.of(0x80, 2), Buffer.from('cm\nC\n'), tuple(int(1)), Buffer.from('Rcm\nD\nb.')]));
  expect(value).toBeInstanceOf(PickledObject);
  const object = value as PickledObject;
  expect([String(object.callee), object.args]).toEqual(['m.C', [1]]);
  expect(object.state).toBeInstanceOf(PickledGlobal);
});

test('an instance made through copyreg is an instance of the class, as protocols 0 and 1 write it', () => {
  const value = read('ccopy_reg\n_reconstructor\n(csklearn.svm.classes\nSVC\nc__builtin__\nobject\nNtR.') as PickledObject;
  expect(String(value.type)).toBe('sklearn.svm.classes.SVC');
});

test('keyword arguments of NEWOBJ_EX come last', () => {
  const value = read('cm\nC\nK\x01\x85}Vk\nK\x02s\x92.') as PickledObject;
  expect(value.args).toEqual([1, new Map([['k', 2]])]);
});

test('subclasses of list and dict keep what is put into them', () => {
  const filled = read('cm\nC\n)\x81K\x01aVk\nK\x02s.') as PickledObject;
  expect([filled.items, filled.entries]).toEqual([[1], new Map([['k', 2]])]);
});

test('bytes of old protocols are text that goes through a codec', () => {
  expect(bytesOf(read(pickle(call('_codecs', 'encode', text('\u00e9\u0000'), text('latin1')))))).toEqual(Buffer.of(0xe9, 0));
  expect(bytesOf(read(pickle(call('builtins', 'bytes'))))).toEqual(Buffer.alloc(0));
  expect(bytesOf(read(pickle(call('_codecs', 'encode', text('\u20ac'), text('latin1')))))).toBeUndefined();
  expect(bytesOf(read(pickle(call('_codecs', 'encode', text('x'), text('utf8')))))).toBeUndefined();
});

test.each([
  ['no bytes', '', /byte 0: ends too early/],
  ['no STOP', '\x80\x04N', /byte 3: ends too early/],
  ['STOP with nothing on the stack', '\x80\x04.', /STOP takes a value from an empty stack/],
  ['a byte that is no opcode', 'N\xfe.', /byte 1: 0xfe is not a pickle opcode/],
  ['a text longer than the file', '\x80\x04X\xff\xff\xff\x0fabc', /byte 7: needs 268435455 more bytes where 3 are left/],
  ['a text longer than any', 'X\xff\xff\xff\xffabc', /BINUNICODE has a text of 4294967295 bytes/],
  ['bytes longer than 2^53', '\x8e\xff\xff\xff\xff\xff\xff\xff\xff', /needs 18446744073709552000 more bytes/],
  ['a negative length', 'T\xff\xff\xff\xff', /needs -1 more bytes/],
  ['an endless integer', '\x8b\xff\xff\xff\x7f', /LONG4 has an integer of 2147483647 bytes/],
  ['an unset memo entry', 'h\x09.', /BINGET refers to memo entry 9/],
  ['a tuple without a mark', 'K\x01t.', /TUPLE has no mark/],
  ['TUPLE2 across a mark', 'K\x01(K\x02\x86.', /TUPLE2 takes a value from an empty stack/],
  ['APPEND to a number', 'K\x01K\x02a.', /APPEND adds to something that is not a list/],
  ['SETITEM in a list', ']K\x01K\x02s.', /SETITEM adds to something that is not a dict/],
  ['ADDITEMS to a list', '](K\x01\x90.', /ADDITEMS adds to something that is not a set/],
  ['a key without a value', '}(K\x01u.', /SETITEMS has a key without a value/],
  ['REDUCE of a number', 'K\x01)R.', /REDUCE applies to something that is not a class/],
  ['REDUCE without arguments', 'cm\nC\nK\x01R.', /REDUCE has no tuple/],
  ['NEWOBJ_EX without keywords', 'cm\nC\n)N\x92.', /NEWOBJ_EX has no keyword arguments/],
  ['BUILD on a list', ']Nb.', /BUILD restores something that is not an object/],
  ['BUILD twice', 'cm\nC\n)RNbNb.', /BUILD restores an object a second time/],
  ['STACK_GLOBAL of numbers', 'K\x01K\x02\x93.', /STACK_GLOBAL has no module and name/],
  ['a line without an end', 'I12', /ends in the middle of a line/],
  ['INT of words', 'Iabc\n.', /INT has no decimal integer/],
  ['FLOAT of words', 'F0x10\n.', /FLOAT has no decimal number/],
  ['STRING without quotes', 'Sabc\n.', /STRING has no quoted string/],
  ['GET of words', 'Nga\n.', /GET has no memo index/],
])('%s is corrupt, with the place and the reason', (_what, bytes, message) => {
  const error = isvcErrorOf(() => read(bytes));
  expect(error.code).toBe('ISVC_MODEL_CORRUPT');
  expect(error.path).toBe('model.pkl');
  expect(error.message).toMatch(/^damaged or cut short at byte \d+: /);
  expect(error.message).toMatch(message);
});

test('a protocol newer than 5 is unsupported', () => {
  expect(isvcErrorOf(() => read('\x80\x06N.')).message).toMatch(/protocol 6; 0 to 5 are read/);
});

describe('limits', () => {
  const limits = { operations: 100, containers: 20, depth: 2 };

  test.each([
    ['opcodes', Buffer.concat([Buffer.alloc(200, 'N'), Buffer.from('.')]), /more than 100 opcodes at byte 100/],
    ['containers', Buffer.concat([Buffer.alloc(50, ']'), Buffer.from('.')]), /more than 20 containers at byte 20/],
  ])('on %s are kept', (_what, bytes, message) => {
    const error = isvcErrorOf(() => read(bytes, { limits }));
    expect(error.code).toBe('ISVC_MODEL_UNSUPPORTED');
    expect(error.message).toMatch(message);
  });

  test('on pickles inside pickles are kept, and nested work counts for the whole', () => {
    const readAttachment: PickleOptions['readAttachment'] = (object, _reader, nested) => {
      object.attachment = nested();
    };
    const built = (inner: string): string => `cm\nC\n)RNb${inner}.`;
    expect(read(built(built('N.')), { limits, readAttachment })).toBeInstanceOf(PickledObject);
    expect(isvcErrorOf(() => read(built(built(built('N.'))), { limits, readAttachment })).message).toMatch(/more than 2 nested pickles/);
    expect(isvcErrorOf(() => read(built(`${'N'.repeat(99)}.`), { limits, readAttachment })).message).toMatch(/opcodes/);
  });
});

test('every opcode is either carried out or refused by its name', () => {
  const refused = Object.entries(OPCODE_NAMES).filter(([opcode]) => {
    try {
      // Line feeds let the opcodes that read lines get to their end.
      read(Buffer.concat([Buffer.of(Number(opcode)), Buffer.alloc(16, '\n')]));
    } catch (error) {
      return (error as { code?: string }).code === 'ISVC_MODEL_FORBIDDEN';
    }
    return false;
  });
  expect(refused.map(([, name]) => name).sort()).toEqual(['BINPERSID', 'EXT1', 'EXT2', 'EXT4', 'INST', 'NEXT_BUFFER', 'OBJ', 'PERSID', 'READONLY_BUFFER']);
});
