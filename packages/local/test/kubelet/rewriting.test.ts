import { expandReferences } from '../../src/kubelet/environment';
import { rewritePaths } from '../../src/kubelet/host-paths';
import { standardImages } from '../../src/kubelet/images';
import { assignPorts, listeningPorts, parsePortsAnnotation, portsAnnotation, rewritePortFlags, rewritePortVariable } from '../../src/kubelet/ports';

const PATHS = new Map([
  ['/mnt/models', '/host/m'],
  ['/mnt/models/adapter', '/host/a'],
]);

test.each([
  ['/mnt/models', '/host/m'],
  ['/mnt/models/iris/model.joblib', '/host/m/iris/model.joblib'],
  ['/mnt/models/adapter/x', '/host/a/x'],
  ['--model_dir=/mnt/models', '--model_dir=/host/m'],
  ['/mnt/models:/mnt/models/adapter', '/host/m:/host/a'],
  ['/mnt/models2', '/mnt/models2'],
  ['/data/mnt/models', '/data/mnt/models'],
  ['file:///mnt/models', 'file:///mnt/models'],
  ['s3://bucket/mnt/models', 's3://bucket/mnt/models'],
])('path %s becomes %s', (word, expected) => {
  expect(rewritePaths(word, PATHS)).toBe(expected);
});

const PORTS = new Map([[8080, 41000], [8081, 41001]]);

test.each([
  [['--http_port=8080', '--grpc_port', '8081'], ['--http_port=41000', '--grpc_port', '41001']],
  [['--port', '8080', '8080'], ['--port', '41000', '8080']],
  [['--workers=8080', '--http_port=9999', '--report=8080x'], ['--workers=8080', '--http_port=9999', '--report=8080x']],
])('flags %j become %j', (words, expected) => {
  expect(rewritePortFlags(words, PORTS)).toEqual(expected);
});

test('only variables that are called PORT are ports', () => {
  expect([rewritePortVariable('PORT', '8080', PORTS), rewritePortVariable('HTTP_PORT', '8081', PORTS), rewritePortVariable('BATCH', '8080', PORTS)]).toEqual(['41000', '41001', '8080']);
});

test('a pod listens on what it declares, what its flags say, and 8080 where a server is told nothing', () => {
  const images = standardImages();
  const serve = { name: 'a', image: 'cdk8s-kserve/runtime', args: ['serve'] };
  expect(listeningPorts({ containers: [serve] }, images)).toEqual([8080]);
  expect(listeningPorts({ containers: [{ ...serve, args: ['serve', '--http_port=9000'], ports: [{ containerPort: 9001 }] }] }, images)).toEqual([9001, 9000]);
  expect(listeningPorts({ containers: [{ ...serve, args: ['fetch', 'a', 'b'] }] }, images)).toEqual([]);
});

test('ports are free, different, and survive their annotation', async () => {
  const ports = await assignPorts([8080, 8081, 9000]);
  expect(new Set(ports.values()).size).toBe(3);
  expect(parsePortsAnnotation(portsAnnotation(ports))).toEqual(ports);
  expect(parsePortsAnnotation(undefined)).toEqual(new Map());
});

test.each([
  ['$(A)/x', 'a/x'],
  ['$$(A)', '$(A)'],
  ['$(UNKNOWN)', '$(UNKNOWN)'],
  ['plain $A', 'plain $A'],
])('reference %s becomes %s', (text, expected) => {
  expect(expandReferences(text, { A: 'a' })).toBe(expected);
});
