import { DEFAULT_PLATFORM_CONFIG, parsePlatformConfig } from '../../../src/api';

describe('parsePlatformConfig', () => {
  it('gives the defaults for an empty ConfigMap', () => expect(parsePlatformConfig({})).toEqual({ config: DEFAULT_PLATFORM_CONFIG, problems: [] }));

  it('reads KServe\'s keys and leaves the others alone', () => {
    const { config, problems } = parsePlatformConfig({
      deploy: '{"defaultDeploymentMode": "RawDeployment"}',
      ingress: '{"enableGatewayApi": true, "ingressDomain": "m.example.org", "ingressGateway": "a/b"}',
      localModel: 'not even JSON',
    });
    expect(problems).toEqual([]);
    expect(config.deploy.defaultDeploymentMode).toBe('RawDeployment');
    expect(config.ingress).toMatchObject({ enableGatewayApi: true, ingressDomain: 'm.example.org', urlScheme: 'http' });
  });

  it('takes a ConfigMap that is silent about Gateway API as KServe does', () => {
    expect(parsePlatformConfig({ ingress: '{"ingressDomain": "x.org"}' }).config.ingress.enableGatewayApi).toBe(false);
  });

  it.each([
    ['broken JSON', { deploy: '{' }, 'data.deploy'],
    ['a list', { ingress: '[]' }, 'data.ingress'],
    ['an unknown mode', { deploy: '{"defaultDeploymentMode": "Raw"}' }, 'data.deploy.defaultDeploymentMode'],
    ['a text where a boolean belongs', { ingress: '{"enableGatewayApi": "true"}' }, 'data.ingress.enableGatewayApi'],
    ['a text where a list belongs', { inferenceService: '{"serviceLabelDisallowedList": "x"}' }, 'data.inferenceService.serviceLabelDisallowedList'],
  ])('reports %s and keeps the default', (_what, data, path) => {
    const { config, problems } = parsePlatformConfig(data);
    expect(problems.map((p) => p.path)).toEqual([path]);
    expect(config.deploy).toEqual(DEFAULT_PLATFORM_CONFIG.deploy);
    expect(config.inferenceService).toEqual(DEFAULT_PLATFORM_CONFIG.inferenceService);
  });
});
