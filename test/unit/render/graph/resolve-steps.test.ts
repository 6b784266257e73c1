import type { InferenceGraph, InferenceService } from '../../../../src/api';
import { renderGraph, worldOf, type World } from '../../../../src/render';

const RAW = { 'serving.kserve.io/deploymentMode': 'Standard' };

function service(name: string, spec: object): InferenceService {
  return { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name, namespace: 'ns', annotations: RAW }, spec } as InferenceService;
}
function graph(...steps: readonly object[]): InferenceGraph {
  return { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'InferenceGraph', metadata: { name: 'g', namespace: 'ns', annotations: RAW }, spec: { nodes: { root: { routerType: 'Sequence', steps } } } } as InferenceGraph;
}
function urlOf(services: readonly InferenceService[] | undefined): string {
  const world: World = worldOf(services ? { services } : {});
  const deployment = renderGraph(graph({ serviceName: 's' }), world).children.find((c) => c.kind === 'Deployment') as unknown as { spec: { template: { spec: { containers: { args: string[] }[] } } } };
  const json = JSON.parse(deployment.spec.template.spec.containers[0]?.args[1] ?? '{}') as { nodes: { root: { steps: { serviceUrl: string }[] } } };
  return json.nodes.root.steps[0]?.serviceUrl ?? '';
}
const model = (extra: object = {}): object => ({ modelFormat: { name: 'sklearn' }, storageUri: 's3://m', ...extra });
const HOST = 'http://s-predictor.ns.svc.cluster.local';

describe('addresses in a graph', () => {
  it.each<[string, object, string]>([
    ['V1 by default', { predictor: { model: model() } }, `${HOST}/v1/models/s:predict`],
    ['V2 where the model says so', { predictor: { model: model({ protocolVersion: 'v2' }) } }, `${HOST}/v2/models/s/infer`],
    ['the model name that the server was told', { predictor: { model: model({ args: ['--model_name=m'] }) } }, `${HOST}/v1/models/m:predict`],
    ['the transformer where there is one', { predictor: { model: model() }, transformer: { containers: [{ image: 't', args: ['--model_name', 'x'], env: [{ name: 'PROTOCOL', value: 'v2' }] }] } }, 'http://s-transformer.ns.svc.cluster.local/v2/models/x/infer'],
    ['a custom container by its PROTOCOL', { predictor: { containers: [{ image: 'c', env: [{ name: 'PROTOCOL', value: 'v2' }] }] } }, `${HOST}/v2/models/s/infer`],
    ['a named variant', { predictor: { name: 'v7', model: model() } }, 'http://s-v7-predictor.ns.svc.cluster.local/v1/models/s:predict'],
  ])('%s', (_what, spec, url) => expect(urlOf([service('s', spec)])).toBe(url));

  it('come from the status where the service has said one', () => {
    const said = { ...service('s', { predictor: { model: model() } }), status: { address: { url: 'http://elsewhere' } } };
    expect(urlOf([said])).toBe('http://elsewhere/v1/models/s:predict');
  });

  it('are guessed, and said to be, where nobody looked for services', () => {
    expect(urlOf(undefined)).toBe(`${HOST}/v1/models/s:predict`);
    expect(renderGraph(graph({ serviceName: 's' }), worldOf()).decisions.find((d) => d.topic === 'graph')?.because).toContain('not known here');
  });

  it.each<[string, readonly InferenceService[], string]>([
    ['a service that is not there', [service('other', { predictor: { model: model() } })], 'there is no InferenceService "s" in namespace "ns"'],
    ['a service that is not valid', [service('s', { predictor: {} })], 'InferenceService "s" is not valid, so it has no address'],
    ['a service that speaks gRPC only', [service('s', { predictor: { model: model({ modelFormat: { name: 'tensorflow' }, protocolVersion: 'grpc-v1' }) } })], 'InferenceService "s" speaks grpc-v1 only, and a graph calls over HTTP'],
  ])('name %s', (_what, services, message) => {
    expect(renderGraph(graph({ serviceName: 's' }), worldOf({ services })).problems).toEqual([expect.objectContaining({ code: 'ISVC_RENDER_GRAPH', path: 'spec.nodes.root.steps[0].serviceName', message })]);
  });
});
