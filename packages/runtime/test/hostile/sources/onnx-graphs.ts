import { bytesField, varintField } from '../../../src/formats/protobuf/write-wire';
import { type Artifact, type HostileSource, oneOf, type Random, REFUSED } from '../artifact';

/** Parts of paths that lead out, or would on some system. */
const SEGMENTS: readonly string[] = ['..', '.', '', 'a', '...', '....', 'C:', '~', 'etc', 'passwd', '%2e%2e', '..\\', '\\\\host', '\0', 'proc', 'self', 'environ', '../..', 'data.bin\0.txt', '．．'];

const externalData: HostileSource = {
  name: 'ONNX: data elsewhere',
  makes: 'external data in `..`, absolute and Windows paths, links, devices, with offsets and lengths that lie',
  share: 500,
  make: (random: Random): Artifact => {
    const path = Array.from({ length: 1 + random(6) }, () => oneOf(random, SEGMENTS)).join(oneOf(random, ['/', '/', '\\']));
    const location = oneOf(random, [path, `/${path}`, `../${path}`, 'file:///etc/passwd', '/dev/zero', '/proc/self/mem']);
    const entries: Record<string, string> = { location };
    if (random(2) === 0) entries['offset'] = oneOf(random, ['0', '-1', '9007199254740993', 'x', '1e9']);
    if (random(2) === 0) entries['length'] = oneOf(random, ['12', '-1', '18446744073709551616', '']);
    return { name: 'model.onnx', bytes: modelOf(externalTensor(entries)), label: JSON.stringify(location), refused: REFUSED };
  },
};

/** Graphs that nest, count or point further than the file goes. */
const GRAPHS: readonly (readonly [label: string, make: (size: number) => Buffer])[] = [
  ['graphs in graphs', (size) => modelOf(repeated(33 + (size % 300), (inner) => bytesField(1, bytesField(5, bytesField(6, inner)))))],
  ['types in types', (size) => modelOf(bytesField(11, Buffer.concat([bytesField(1, 'x'), bytesField(2, repeated(20 + size, (inner) => bytesField(4, bytesField(1, inner))))])))],
  ['a shape beyond memory', (size) => modelOf(bytesField(5, Buffer.concat([varintField(1, 2 ** 40), varintField(1, 2 ** 20 + size), varintField(2, 1)])))],
  ['a shape that its bytes do not fill', (size) => modelOf(bytesField(5, Buffer.concat([varintField(1, size + 2), varintField(2, 1), bytesField(9, Buffer.alloc(4))])))],
  ['a length beyond the file', (size) => Buffer.concat([Buffer.from([0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f]), Buffer.alloc(size % 100)])],
  ['a number without end', (size) => Buffer.alloc(11 + (size % 1000), 0xff)],
  ['groups', (size) => Buffer.concat([Buffer.from([8, 8]), Buffer.alloc(1 + (size % 1000), 0x3b)])],
  ['an operator of native code', (size) => modelOf(bytesField(1, Buffer.concat([bytesField(4, `Op${size}`), bytesField(7, 'evil.ops')])))],
];

const graphs: HostileSource = {
  name: 'ONNX: graphs',
  makes: 'graphs and types without end, shapes and lengths beyond the file, operators of native code',
  share: 300,
  make: (random: Random, index: number): Artifact => {
    const [label, make] = GRAPHS[index % GRAPHS.length] as (typeof GRAPHS)[number];
    return { name: 'model.onnx', bytes: make(random(3000)), label, refused: REFUSED };
  },
};

export const onnxGraphs: readonly HostileSource[] = [externalData, graphs];

/** A model of the given parts of a GraphProto, with an output of text that is one of its inputs. */
function modelOf(...parts: Buffer[]): Buffer {
  return Buffer.concat([varintField(1, 8), bytesField(7, Buffer.concat(parts))]);
}

function externalTensor(entries: Readonly<Record<string, string>>): Buffer {
  const data = Object.entries(entries).map(([key, value]) => bytesField(13, Buffer.concat([bytesField(1, key), bytesField(2, value)])));
  return bytesField(5, Buffer.concat([varintField(1, 3), varintField(2, 1), bytesField(8, 'w'), ...data, varintField(14, 1)]));
}

function repeated(times: number, wrap: (inner: Buffer) => Buffer): Buffer {
  let inner: Buffer = Buffer.alloc(0);
  for (let i = 0; i < times; i++) inner = wrap(inner);
  return inner;
}
