import { rolloutOf, validateInferenceService, type DeploymentMode, type InferenceService } from '../../../../src/api';

const model = (version: string): object => ({ modelFormat: { name: 'sklearn' }, storageUri: `s3://m/${version}` });

function service(spec: object): InferenceService {
  return { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris', namespace: 'ns' }, spec } as InferenceService;
}

const stable = { minReplicas: 2, model: model('v1') };

describe('rolloutOf', () => {
  it('reads no canary as none', () => expect(rolloutOf(service({ predictor: stable }))).toEqual({ kind: 'none' }));

  it('reads predictor.canaryTrafficPercent as a split between revisions', () => {
    expect(rolloutOf(service({ predictor: { ...stable, canaryTrafficPercent: 0 } }))).toEqual({ kind: 'revisions', percent: 0 });
  });

  it('reads a list and the older form as the same variants', () => {
    const overlay = { model: model('v2') };
    const list = rolloutOf(service({ predictor: stable, canary: [{ predictor: { name: 'canary', ...overlay }, trafficPercent: 10 }] }));
    const older = rolloutOf(service({ predictor: stable, canary: { predictor: { name: 'canary', ...overlay } }, canaryTrafficPercent: 10 }));
    expect(list).toMatchObject({ kind: 'variants', shadow: false, variants: [{ name: 'canary', trafficPercent: 10 }] });
    expect(older).toMatchObject({ kind: 'variants', shadow: false, variants: [{ name: 'canary', trafficPercent: 10 }] });
  });

  it.each([[undefined, true, 100], [30, true, 30], [undefined, false, 0]])('in the older form with share %s and shadow %s means %i per cent', (percent, shadow, expected) => {
    const spec = { predictor: stable, canary: { predictor: { model: model('v2') } }, ...(percent === undefined ? {} : { canaryTrafficPercent: percent }), shadow };
    expect(rolloutOf(service(spec))).toMatchObject({ shadow, variants: [{ name: 'canary', trafficPercent: expected }] });
  });
});

describe('canary rules', () => {
  const v2 = { predictor: { name: 'v2', model: model('v2') }, trafficPercent: 20 };

  it.each<[string, object, DeploymentMode, readonly string[]]>([
    ['a good list', { canary: [v2] }, 'Standard', []],
    ['a list in serverless mode', { canary: [v2] }, 'Knative', ['spec.canary']],
    ['an entry without a name', { canary: [{ ...v2, predictor: { model: model('v2') } }] }, 'Standard', ['spec.canary[0].predictor.name']],
    ['two entries of one name', { canary: [v2, v2] }, 'Standard', ['spec.canary[1].predictor.name']],
    ['shares above 100', { canary: [{ ...v2, trafficPercent: 60 }, { trafficPercent: 60, predictor: { ...v2.predictor, name: 'v3' } }] }, 'Standard', ['spec.canary']],
    ['a share that is no integer', { canary: [{ ...v2, trafficPercent: 1.5 }] }, 'Standard', ['spec.canary[0].trafficPercent']],
    ['an entry that is no object', { canary: ['v2'] }, 'Standard', ['spec.canary[0]']],
    ['a canary that is neither form', { canary: 'v2' }, 'Standard', ['spec.canary']],
    ['an unknown field beside the predictor', { canary: [{ ...v2, weight: 10 }] }, 'Standard', ['spec.canary[0].weight']],
    ['a misspelt share', { canary: [{ predictor: v2.predictor, trafficPercnt: 10 }] }, 'Standard', ['spec.canary[0].trafficPercent', 'spec.canary[0].trafficPercnt']],
    ['a share that is a text', { canary: [{ ...v2, trafficPercent: '10' }] }, 'Standard', ['spec.canary[0].trafficPercent']],
    ['a transformer of a wrong type', { canary: [{ ...v2, transformer: [] }] }, 'Standard', ['spec.canary[0].transformer']],
    ['an unknown field of its transformer', { canary: [{ ...v2, transformer: { minReplica: 1 } }] }, 'Standard', ['spec.canary[0].transformer.minReplica']],
    ['a share inside the older form', { canary: { predictor: v2.predictor, trafficPercent: 10 } }, 'Standard', ['spec.canary.trafficPercent']],
    ['scaling of a canary', { canary: [{ ...v2, predictor: { ...v2.predictor, maxReplicas: 4, scaleTarget: 5 } }] }, 'Standard', ['spec.canary[0].predictor.maxReplicas', 'spec.canary[0].predictor.scaleTarget']],
    ['more replicas than the stable version', { canary: [{ ...v2, predictor: { ...v2.predictor, minReplicas: 3 } }] }, 'Standard', ['spec.canary[0].predictor.minReplicas']],
    ['a share without a canary', { canaryTrafficPercent: 10 }, 'Standard', ['spec.canaryTrafficPercent']],
    ['shadow without a canary', { shadow: true }, 'Standard', ['spec.shadow']],
    ['a blocked variable in a canary', { canary: [{ ...v2, predictor: { name: 'v2', model: { ...model('v2'), env: [{ name: 'PYTHONPATH', value: '/x' }] } } }] }, 'Standard', ['spec.canary[0].predictor.model']],
  ])('%s', (_what, spec, mode, paths) => {
    expect(validateInferenceService(service({ predictor: stable, ...spec }), mode).map((p) => p.path)).toEqual(paths);
  });

  it('names the field that was meant', () => {
    const spec = { predictor: stable, canary: [{ predictor: v2.predictor, trafficPercnt: 10 }] };
    expect(validateInferenceService(service(spec), 'Standard').find((p) => p.code === 'ISVC_API_UNKNOWN_FIELD')).toMatchObject({
      path: 'spec.canary[0].trafficPercnt', message: 'unknown field "trafficPercnt"', hint: 'did you mean "trafficPercent"',
    });
  });

  it('refuses predictor.canaryTrafficPercent in raw mode, where KServe replaces the model at once', () => {
    const spec = { predictor: { ...stable, canaryTrafficPercent: 10 } };
    expect(validateInferenceService(service(spec), 'Standard').map((p) => p.path)).toEqual(['spec.predictor.canaryTrafficPercent']);
    expect(validateInferenceService(service(spec), 'Knative')).toEqual([]);
  });
});
