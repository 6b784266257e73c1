import {
  CEL_RULES, KINDS, customResourceDefinitions, validateInferenceGraph, validateInferenceService, validateServingRuntime, validateTrainedModel, type InferenceGraph, type InferenceService, type KubeObject, type Problem,
  type ServingRuntime, type TrainedModel,
} from 'cdk8s-kserve/api';
import { KubeApiError } from 'cdk8s-kserve-controller';
import { TestCluster } from '../e2e/controller/support/cluster';

/**
 * The same objects before the TypeScript checks and before the CEL rules of the CRDs, on the embedded API server or, with
 * ISVC_TEST_KUBECONFIG, on a real one. Each rule of `CEL_RULES` has an object that breaks it and one that does not.
 */
interface Case {
  readonly name: string;
  readonly object: KubeObject;
  /** What the object is changed into once it is there; the rule is about the change. */
  readonly change?: KubeObject;
  /** Message of the rule that refuses it; undefined when it is accepted. */
  readonly refusal?: string;
}

const sklearn = { modelFormat: { name: 'sklearn' }, storageUri: 's3://m/iris' };
const server = { name: 'kserve-container', image: 'x' };

function service(spec: object, name = 'iris'): KubeObject {
  return { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name }, spec };
}
function predictor(fields: object): KubeObject {
  return service({ predictor: fields });
}
function graph(nodes: object, extra: object = {}, name = 'graph'): KubeObject {
  return { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'InferenceGraph', metadata: { name }, spec: { nodes, ...extra } };
}
function runtime(spec: object): KubeObject {
  return { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime', metadata: { name: 'r' }, spec };
}
function trained(model: object): KubeObject {
  return { apiVersion: 'serving.kserve.io/v1alpha1', kind: 'TrainedModel', metadata: { name: 'm' }, spec: { inferenceService: 'many', model: { framework: 'sklearn', storageUri: 's3://m', memory: '1Gi', ...model } } };
}
const step = { serviceName: 'a' };
const sequence = (...steps: readonly object[]): object => ({ root: { routerType: 'Sequence', steps } });
const splitter = (...weights: readonly (number | undefined)[]): object => ({ root: { routerType: 'Splitter', steps: weights.map((weight) => ({ ...step, ...(weight === undefined ? {} : { weight }) })) } });

const CASES: readonly Case[] = [
  { name: 'a model', object: predictor({ model: sklearn }) },
  { name: 'an older spelling', object: predictor({ sklearn: { storageUri: 's3://m' } }) },
  { name: 'one custom container without a name', object: predictor({ containers: [{ image: 'x' }] }) },
  { name: 'the empty container name that KServe stores in a model', object: predictor({ model: { ...sklearn, name: '' } }) },
  { name: 'a model with a transformer beside it', object: predictor({ model: sklearn, containers: [{ name: 'transformer-container', image: 'x' }] }) },
  { name: 'bounds', object: predictor({ model: sklearn, minReplicas: 2, maxReplicas: 2 }) },
  { name: 'a maximum of 0, which is none', object: predictor({ model: sklearn, minReplicas: 2, maxReplicas: 0 }) },
  { name: 'a confidential model with an address', object: predictor({ model: { ...sklearn, confidential: { enabled: true } } }) },
  { name: 'transformer and explainer', object: service({ predictor: { model: sklearn }, transformer: { containers: [server] }, explainer: { containers: [server] } }) },
  { name: 'several sources', object: predictor({ model: { modelFormat: { name: 'sklearn' } }, storageUris: [{ uri: 's3://a' }] }) },
  { name: 'upper case in a name', object: service({ predictor: { model: sklearn } }, 'a.b'), refusal: 'must start with a letter' },
  { name: 'a name too long for its child', object: service({ predictor: { model: sklearn } }, 'a'.repeat(54)), refusal: 'is too long' },
  { name: 'a name too long with the variant', object: service({ predictor: { name: 'variant', model: sklearn } }, 'a'.repeat(48)), refusal: 'is too long' },
  { name: 'two formats', object: predictor({ model: sklearn, sklearn: { storageUri: 's3://m' } }), refusal: 'more than once' },
  { name: 'nothing', object: predictor({}), refusal: 'says no model' },
  { name: 'an empty list of containers', object: predictor({ containers: [] }), refusal: 'says no model' },
  { name: 'a model and a server', object: predictor({ model: sklearn, containers: [server] }), refusal: 'says its model twice' },
  { name: 'two containers without a server', object: predictor({ containers: [{ name: 'a', image: 'x' }, { name: 'b', image: 'x' }] }), refusal: 'one of several containers' },
  { name: 'storageUri and storageUris', object: predictor({ model: sklearn, storageUris: [{ uri: 's3://a' }] }), refusal: 'storageUri and storageUris' },
  { name: 'a container name in a model', object: predictor({ model: { ...sklearn, name: 'x' } }), refusal: 'name is not allowed here' },
  { name: 'two places of a model', object: predictor({ model: { ...sklearn, storage: { path: 'x' } } }), refusal: 'storageUri and storage.path' },
  { name: 'a confidential model from nowhere', object: predictor({ model: { modelFormat: { name: 'sklearn' }, confidential: { enabled: true } } }), refusal: 'confidential needs a storageUri' },
  { name: 'a maximum below the minimum', object: predictor({ model: sklearn, minReplicas: 3, maxReplicas: 2 }), refusal: 'maxReplicas must not be below' },
  { name: 'a transformer without a container', object: service({ predictor: { model: sklearn }, transformer: { minReplicas: 1 } }), refusal: 'a transformer is one container' },
  { name: 'an explainer of two kinds', object: service({ predictor: { model: sklearn }, explainer: { art: { type: 'SquareAttack' }, containers: [server] } }), refusal: 'exactly one of art or containers' },
  { name: 'an explainer of none', object: service({ predictor: { model: sklearn }, explainer: { minReplicas: 1 } }), refusal: 'exactly one of art or containers' },
  { name: 'transformer bounds', object: service({ predictor: { model: sklearn }, transformer: { containers: [server], minReplicas: 3, maxReplicas: 1 } }), refusal: 'maxReplicas must not be below' },
  { name: 'explainer bounds', object: service({ predictor: { model: sklearn }, explainer: { containers: [server], minReplicas: 3, maxReplicas: 1 } }), refusal: 'maxReplicas must not be below' },
  { name: 'a runtime', object: runtime({ containers: [server] }) },
  { name: 'a disabled runtime without a server', object: runtime({ disabled: true, containers: [{ name: 'x', image: 'x' }] }) },
  { name: 'a runtime without a server', object: runtime({ containers: [{ name: 'x', image: 'x' }] }), refusal: 'containers must hold one called kserve-container' },
  { name: 'a sequence', object: graph(sequence(step, { nodeName: 'b' })) },
  { name: 'a split', object: graph(splitter(20, 80)) },
  { name: 'a switch', object: graph({ root: { routerType: 'Switch', steps: [{ ...step, condition: 'a' }] } }) },
  { name: 'a graph with a bad name', object: graph(sequence(step), {}, 'a.b'), refusal: 'must start with a letter' },
  { name: 'a graph with a long name', object: graph(sequence(step), {}, 'a'.repeat(64)), refusal: 'at most 63 characters' },
  { name: 'a graph without a root', object: graph({ first: { routerType: 'Sequence', steps: [step] } }), refusal: 'no node called root' },
  { name: 'a node without steps', object: graph(sequence()), refusal: 'steps is empty' },
  { name: 'a split without weights', object: graph(splitter(100, undefined)), refusal: 'needs the weight of each step' },
  { name: 'a split of 90', object: graph(splitter(20, 70)), refusal: 'must add up to 100' },
  { name: 'a switch without conditions', object: graph({ root: { routerType: 'Switch', steps: [step] } }), refusal: 'needs the condition of each step' },
  { name: 'a step that calls nothing', object: graph(sequence({ name: 'x' })), refusal: 'exactly one of nodeName' },
  { name: 'a step that calls two', object: graph(sequence({ ...step, serviceUrl: 'http://x' })), refusal: 'exactly one of nodeName' },
  { name: 'one of several models', object: trained({}) },
  { name: 'one of several models at an address', object: trained({ storageUri: 'https://example.com/m.joblib', memory: 1073741824 }) },
  { name: 'one of several models in a claim', object: trained({ storageUri: 'pvc://m' }), refusal: 'storageUri must start with' },
  { name: 'a model that moves', object: trained({}), change: trained({ storageUri: 's3://n' }) },
  { name: 'a model that grows', object: trained({}), change: trained({ memory: '2Gi' }), refusal: 'memory cannot be changed' },
  { name: 'graph bounds', object: graph(sequence(step), { minReplicas: 3, maxReplicas: 2 }), refusal: 'maxReplicas must not be below' },
];

function problemsOf(object: KubeObject): readonly Problem[] {
  // Whether a node exists is a question over the whole graph, which CEL rules of a node do not ask.
  if (object.kind === 'InferenceGraph') return validateInferenceGraph(object as InferenceGraph).filter((p) => !p.message.startsWith('there is no node'));
  if (object.kind === 'TrainedModel') return validateTrainedModel(object as TrainedModel);
  return object.kind === 'InferenceService' ? validateInferenceService(object as InferenceService) : validateServingRuntime(object as ServingRuntime);
}

let cluster: TestCluster;
let namespace: string;

beforeAll(async () => {
  cluster = await TestCluster.start();
  namespace = await cluster.namespace();
});
afterAll(() => cluster.stop());

/** The API server's refusal, or undefined when it took the object. */
async function refusalOf({ object, change }: Case): Promise<string | undefined> {
  const placed = { ...object, metadata: { ...object.metadata, namespace } };
  const ref = { apiVersion: object.apiVersion, kind: object.kind, namespace, name: object.metadata.name };
  try {
    const created = await cluster.api.create(placed);
    if (change) await cluster.api.replace({ ...change, metadata: created.metadata });
  } catch (error) {
    if (error instanceof KubeApiError && error.statusCode === 422) return error.message;
    throw error;
  } finally {
    await cluster.api.delete(ref);
  }
  return undefined;
}

describe('CEL rules and TypeScript checks agree', () => {
  it.each(CASES.map((c) => [c.name, c] as const))('about %s', async (_name, given) => {
    const { object, change, refusal } = given;
    const said = await refusalOf(given);
    if (refusal === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(refusal);
    // A change is a question of two objects, and the checks see one.
    expect(problemsOf(object).some((p) => p.severity === 'error')).toBe(refusal !== undefined && !change);
  });

  it('over every rule there is', () => {
    const models = CASES.map((c) => c.refusal).filter((r) => r !== undefined);
    const rules = Object.values(CEL_RULES).flat();
    expect(rules.filter(({ message }) => !models.some((refusal) => message.includes(refusal))).map((r) => r.message)).toEqual([]);
    expect(rules.every(({ message }) => message.length > 20)).toBe(true);
  });
});

describe('the CRDs', () => {
  it('carry the rules of their kind', () => {
    for (const crd of customResourceDefinitions()) {
      const kind = (crd['spec'] as { names: { kind: string } }).names.kind;
      for (const { rule } of CEL_RULES[kind] ?? []) expect(JSON.stringify(crd)).toContain(JSON.stringify(rule));
    }
    expect(KINDS.length).toBe(customResourceDefinitions().length);
  });
});
