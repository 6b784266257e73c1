import fc from 'fast-check';
import { validateInferenceService, type InferenceService } from '../../../src/api';
import { render, worldFromObjects } from '../../../src/render';

const { world } = worldFromObjects([]);
const DNS_LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** Label values, such as the pods' `app`. */
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

function service(name: string, mode: string, transformer: boolean): InferenceService {
  const predictor = { maxReplicas: 3, model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://models/iris' } };
  return {
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService',
    metadata: { name, namespace: 'models', annotations: { 'serving.kserve.io/deploymentMode': mode } },
    spec: { predictor, ...(transformer ? { transformer: { containers: [{ name: 'kserve-container', image: 't:1' }] } } : {}) },
  };
}

describe('names of children', () => {
  it.each(['RawDeployment', 'Serverless'])('follow the rules of Kubernetes for every name that passes in %s mode', (mode) => {
    let accepted = 0;
    fc.assert(fc.property(fc.stringMatching(/^[a-z]([-a-z0-9]{0,50}[a-z0-9])?$/), fc.boolean(), (name, transformer) => {
      const resource = service(name, mode, transformer);
      fc.pre(validateInferenceService(resource).length === 0);
      accepted++;
      const { children, problems } = render(resource, world);
      expect(problems.filter((p) => p.severity === 'error')).toEqual([]);
      expect(children.length).toBeGreaterThan(0);
      for (const { metadata } of children) {
        expect(metadata.name).toMatch(DNS_LABEL);
        for (const value of Object.values(metadata.labels ?? {})) expect(value).toMatch(LABEL_VALUE);
      }
    }));
    expect(accepted).toBeGreaterThan(50);
  });
});
