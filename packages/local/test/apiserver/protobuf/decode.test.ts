import fc from 'fast-check';
import { decodeProtobuf } from '../../../src/apiserver/protobuf/decode';

const varint = (n: number): number[] => (n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...varint(n >>> 7)]);
const int = (number: number, value: number): Buffer => Buffer.from([...varint(number << 3), ...varint(value)]);
const bytes = (number: number, ...parts: readonly (Buffer | string)[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  return Buffer.concat([Buffer.from([...varint((number << 3) | 2), ...varint(body.length)]), body]);
};
const envelope = (apiVersion: string, kind: string, ...fields: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from('k8s\0', 'latin1'), bytes(1, bytes(1, apiVersion), bytes(2, kind)), bytes(2, ...fields), bytes(3, ''), bytes(4, '')]);

const meta = bytes(1, bytes(1, 'a'), bytes(2, ''), bytes(8), int(7, 0), bytes(11, bytes(1, 'k'), bytes(2, 'v')));

describe('decodeProtobuf', () => {
  test('reads names, maps and data, and leaves out what Go writes for absent fields', () => {
    expect(decodeProtobuf(envelope('v1', 'Secret', meta, bytes(2, bytes(1, 'p'), bytes(2, 'hi')), bytes(2, bytes(1, 'q'), bytes(2, '')), bytes(3, 'Opaque')))).toEqual({
      apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', labels: { k: 'v' } }, data: { p: 'aGk=', q: '' }, type: 'Opaque',
    });
  });

  test('a zero of a pointer is a value', () => {
    expect(decodeProtobuf(envelope('apps/v1', 'Deployment', meta, bytes(2, int(1, 0), int(5, 0))))).toMatchObject({ spec: { replicas: 0 } });
  });

  test('ports by number and by name', () => {
    const port = (target: Buffer): Buffer => bytes(1, int(3, 80), bytes(4, target));
    expect(decodeProtobuf(envelope('v1', 'Service', meta, bytes(2, port(int(2, 8080)), port(Buffer.concat([int(1, 1), bytes(3, 'http')])))))).toMatchObject({ spec: { ports: [{ port: 80, targetPort: 8080 }, { port: 80, targetPort: 'http' }] } });
  });

  test('what Go inlines, quantities and selectors', () => {
    const backend = bytes(2, bytes(4, bytes(1, 'web'), bytes(2, int(2, 80))));
    expect(decodeProtobuf(envelope('networking.k8s.io/v1', 'Ingress', meta, bytes(2, bytes(3, bytes(1, 'a.b'), bytes(2, bytes(1, bytes(1, bytes(1, '/'), backend, bytes(3, 'Exact')))))), bytes(3, bytes(1))))).toMatchObject({
      spec: { rules: [{ host: 'a.b', http: { paths: [{ path: '/', pathType: 'Exact', backend: { service: { name: 'web', port: { number: 80 } } } }] } }] },
    });
    const cpu = bytes(4, bytes(1, 'Resource'), bytes(4, bytes(1, 'cpu'), bytes(2, bytes(1, 'AverageValue'), bytes(3, bytes(1, '500m')))));
    expect(decodeProtobuf(envelope('autoscaling/v2', 'HorizontalPodAutoscaler', meta, bytes(2, int(3, 5), cpu), bytes(3, int(3, 0), int(4, 0))))).toMatchObject({
      spec: { maxReplicas: 5, metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '500m' } } }] },
    });
    expect(decodeProtobuf(envelope('autoscaling/v1', 'HorizontalPodAutoscaler', meta, bytes(2, bytes(1, bytes(1, 'Deployment'), bytes(2, 'web')), int(3, 5), int(4, 60)), bytes(3, int(3, 0), int(4, 0))))).toMatchObject({
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 5, targetCPUUtilizationPercentage: 60 },
    });
    const selector = bytes(2, bytes(1, bytes(1, 'a'), bytes(2, 'b')), bytes(2, bytes(1, 'c'), bytes(2, 'In'), bytes(3, 'd')));
    expect(decodeProtobuf(envelope('policy/v1', 'PodDisruptionBudget', meta, bytes(2, selector, bytes(3, int(1, 1), bytes(3, '50%')))))).toMatchObject({
      spec: { maxUnavailable: '50%', selector: { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'c', operator: 'In', values: ['d'] }] } },
    });
  });

  test.each<[string, Buffer, number]>([
    ['bytes without the prefix', Buffer.from('hello'), 400], ['nothing', Buffer.alloc(0), 400], ['a message cut short', envelope('v1', 'Secret', meta).subarray(0, 20), 400],
    ['a kind that is not known', envelope('batch/v1', 'Job', meta), 415], ['a field that would be lost', envelope('v1', 'Secret', meta, bytes(99, 'x')), 415],
  ])('refuses %s', (_what, body, code) => {
    expect(() => decodeProtobuf(body)).toThrow(expect.objectContaining({ code }));
  });

  test('any bytes are refused or decoded, never a crash', () => {
    fc.assert(fc.property(fc.uint8Array(), (random) => {
      try {
        decodeProtobuf(Buffer.concat([envelope('v1', 'Secret').subarray(0, 18), Buffer.from(random)]));
      } catch (error) {
        expect([400, 415]).toContain((error as { code: number }).code);
      }
    }));
  });
});
