import { CONTAINER } from './keys';
import type { StructuralSchema } from './schema/structural-schema';
import { SHORTHAND_FORMATS } from './inference-service/types';

/**
 * Rules that the API server itself evaluates (CEL), so that an evident mistake is refused at admission without a
 * webhook. They repeat, in the API server's language, rules that `validateX` knows; a test runs both on the same
 * objects. What CEL cannot see (annotations, untyped fields, other objects) stays with `validateX`.
 */
export interface CelRule {
  /** Schema node that the rule is about: fields by name, `[]` for list elements, `*` for map values; '' is the object. */
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

const NAME = "^[a-z]([-a-z0-9]*[a-z0-9])?$";
const nameRule: CelRule = { path: '', rule: `self.metadata.name.matches('${NAME}')`, message: 'metadata.name must start with a letter and hold only lower case letters, digits and "-"' };

const replicas = (path: string): CelRule => ({
  path,
  rule: '!has(self.maxReplicas) || self.maxReplicas == 0 || (has(self.minReplicas) ? self.minReplicas : 1) <= self.maxReplicas',
  message: 'maxReplicas must not be below minReplicas (1 when absent); raise maxReplicas or lower minReplicas',
});

const MODELS = ['model', ...SHORTHAND_FORMATS] as const;
const models = `[${MODELS.map((f) => `has(self.${f})`).join(', ')}].filter(x, x).size()`;
const hasServer = `self.containers.exists(c, has(c.name) && c.name == '${CONTAINER.server}')`;

const modelRules = MODELS.flatMap((field): readonly CelRule[] => [
  { path: `spec.predictor.${field}`, rule: "!has(self.name) || self.name == ''", message: `name is not allowed here: the container is always called ${CONTAINER.server}; remove it` },
  { path: `spec.predictor.${field}`, rule: '!has(self.storageUri) || !has(self.storage) || !has(self.storage.path)', message: 'storageUri and storage.path cannot both be set; keep one of them' },
  { path: `spec.predictor.${field}`, rule: '!has(self.confidential) || !has(self.confidential.enabled) || !self.confidential.enabled || has(self.storageUri)', message: 'confidential needs a storageUri to decrypt' },
]);

const servingRuntime: readonly CelRule[] = [
  {
    path: 'spec',
    rule: `(has(self.disabled) && self.disabled) || ${hasServer}`,
    message: `containers must hold one called ${CONTAINER.server}, the model server`,
  },
];

/** Rules by kind. */
export const CEL_RULES: Readonly<Record<string, readonly CelRule[]>> = {
  InferenceService: [
    nameRule,
    {
      path: '',
      rule: "size(self.metadata.name) + (has(self.spec.predictor.name) ? size(self.spec.predictor.name) + 1 : 0) + size('-predictor') <= 63",
      message: 'metadata.name is too long: its child NAME-predictor must have at most 63 characters',
    },
    { path: 'spec.predictor', rule: `${models} <= 1`, message: 'says its model more than once; keep one of model and the format names' },
    { path: 'spec.predictor', rule: `${models} == 1 || (has(self.containers) && size(self.containers) > 0)`, message: 'says no model: exactly one of model, containers or a format name is needed' },
    { path: 'spec.predictor', rule: `${models} == 0 || !has(self.containers) || !${hasServer}`, message: `says its model twice: by a format and by a container called ${CONTAINER.server}; keep one of them` },
    { path: 'spec.predictor', rule: `${models} == 1 || !has(self.containers) || size(self.containers) <= 1 || ${hasServer}`, message: `one of several containers must be called ${CONTAINER.server}` },
    { path: 'spec.predictor', rule: `!has(self.storageUris) || [${MODELS.map((f) => `has(self.${f}) && has(self.${f}.storageUri)`).join(', ')}].all(x, !x)`, message: 'storageUri and storageUris cannot both be set; keep one of them' },
    ...modelRules,
    { path: 'spec.transformer', rule: 'has(self.containers) && size(self.containers) > 0', message: 'says no container: a transformer is one container of your own' },
    { path: 'spec.explainer', rule: 'has(self.art) != (has(self.containers) && size(self.containers) > 0)', message: 'exactly one of art or containers is needed' },
    ...['spec.predictor', 'spec.transformer', 'spec.explainer'].map(replicas),
  ],
  ServingRuntime: servingRuntime,
  ClusterServingRuntime: servingRuntime,
  InferenceGraph: [
    nameRule,
    { path: '', rule: 'size(self.metadata.name) <= 63', message: 'metadata.name must have at most 63 characters' },
    { path: 'spec', rule: "'root' in self.nodes", message: 'nodes has no node called root, where requests enter' },
    { path: 'spec.nodes.*', rule: 'has(self.steps) && size(self.steps) > 0', message: 'steps is empty: the node calls nothing' },
    { path: 'spec.nodes.*', rule: "self.routerType != 'Splitter' || !has(self.steps) || self.steps.all(s, has(s.weight))", message: 'a Splitter needs the weight of each step' },
    { path: 'spec.nodes.*', rule: "self.routerType != 'Splitter' || !has(self.steps) || size(self.steps) == 0 || self.steps.map(s, has(s.weight) ? s.weight : 0).sum() == 100", message: 'weights of a Splitter must add up to 100' },
    { path: 'spec.nodes.*', rule: "self.routerType != 'Switch' || !has(self.steps) || self.steps.all(s, has(s.condition) && s.condition != '')", message: 'a Switch needs the condition of each step' },
    {
      path: 'spec.nodes.*.steps[]',
      rule: "[has(self.nodeName) && self.nodeName != '', has(self.serviceName) && self.serviceName != '', has(self.serviceUrl) && self.serviceUrl != ''].filter(x, x).size() == 1",
      message: 'exactly one of nodeName, serviceName or serviceUrl is needed',
    },
    replicas('spec'),
  ],
  TrainedModel: [
    { path: 'spec.model', rule: "self.storageUri.matches('^(s3|gs|https?)://')", message: 'storageUri must start with s3://, gs://, https:// or http://' },
    { path: 'spec.model', rule: 'self.memory == oldSelf.memory', message: 'memory cannot be changed; delete the TrainedModel and create it anew' },
  ],
};

/** Puts a kind's rules on the nodes of its schema. Every path must lead somewhere. */
export function withCelRules(schema: StructuralSchema, rules: readonly CelRule[]): StructuralSchema {
  return rules.reduce((current, { path, rule, message }) => addAt(current, stepsOf(path), { rule, message }, path), schema);
}

function stepsOf(path: string): readonly string[] {
  return path === '' ? [] : path.replaceAll('[]', '.[]').split('.');
}

function addAt(schema: StructuralSchema, steps: readonly string[], rule: { readonly rule: string; readonly message: string }, path: string): StructuralSchema {
  const [step, ...rest] = steps;
  if (step === undefined) return { ...schema, 'x-kubernetes-validations': [...(schema['x-kubernetes-validations'] ?? []), rule] };
  if (step === '[]' && schema.items) return { ...schema, items: addAt(schema.items, rest, rule, path) };
  if (step === '*' && typeof schema.additionalProperties === 'object') return { ...schema, additionalProperties: addAt(schema.additionalProperties, rest, rule, path) };
  const child = schema.properties?.[step];
  if (!child) throw new Error(`CEL rule path ${path} leads nowhere at "${step}"`);
  return { ...schema, properties: { ...schema.properties, [step]: addAt(child, rest, rule, path) } };
}
