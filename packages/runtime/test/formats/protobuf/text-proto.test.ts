import { IsvcError } from 'cdk8s-kserve/api';
import fc from 'fast-check';
import { parseTextProto, textProtoValue } from '../../../src/formats/protobuf/text-proto';
import { isvcErrorOf } from '../../support/isvc-error-of';

test('fields, lists, messages in either bracket, comments and texts are read', () => {
  const message = parseTextProto(
    `# a model
     name: "digits" ; platform: 'onnxruntime_onnx',
     max_batch_size: 8
     input [ { name: "x" data_type: TYPE_FP32 dims: [ 3, -1 ] }, { name: "y" dims: 1 dims: 2 } ]
     output < name: "a" "b\\n\\x41\\101" >
     empty: []
     parameters: { key: "k" value: { string_value: "v" } }`,
    'config.pbtxt',
  );
  expect(textProtoValue(message, 'name')).toBe('digits');
  expect(textProtoValue(message, 'max_batch_size')).toBe('8');
  const inputs = message.get('input') as ReadonlyMap<string, unknown>[];
  expect(inputs.map((input) => Object.fromEntries(input))).toEqual([
    { name: ['x'], data_type: ['TYPE_FP32'], dims: ['3', '-1'] },
    { name: ['y'], dims: ['1', '2'] },
  ]);
  expect((textProtoValue(message, 'output') as ReadonlyMap<string, unknown>).get('name')).toEqual(['ab\nAA']);
  expect(message.get('empty')).toEqual([]);
});

test.each([
  ['name: "a', 'line 1: "\\"a" is no text of protobuf'],
  ['name "a"', 'line 1: expected ":" or "{", found "\\"a\\""'],
  ['a {\n b: 1', 'line 2: expected the name of a field, found the end'],
  ['a: 1\n}', 'line 2: expected the name of a field, found "}"'],
  ['a: }', 'line 1: expected a value, found "}"'],
  ['a: [1, 2', 'line 1: expected a value, found the end'],
  ['7: 1', 'line 1: expected the name of a field, found "7"'],
])('%j is refused with the line', (text, message) => {
  expect(isvcErrorOf(() => parseTextProto(text, 'config.pbtxt'))).toMatchObject({ code: 'ISVC_MODEL_CORRUPT', path: 'config.pbtxt', message });
});

test('messages inside messages without end, and files without end, are refused', () => {
  expect(isvcErrorOf(() => parseTextProto('a {'.repeat(1000), 'f')).message).toContain('no more than 32 messages inside each other');
  expect(isvcErrorOf(() => parseTextProto('a: 1\n'.repeat(300_000), 'f')).code).toBe('ISVC_MODEL_CORRUPT');
});

test('any text is read or refused by a typed error', () => {
  const piece = fc.constantFrom('a', ':', '{', '}', '[', ']', '<', '>', '"', '\'', '\\', '1', '-', '.', ' ', '\n', '#', ',');
  fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
    try {
      return parseTextProto(pieces.join(''), 'f') instanceof Map;
    } catch (error) {
      return error instanceof IsvcError;
    }
  }), { numRuns: 2000 });
});
