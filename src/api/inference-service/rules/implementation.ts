import { CONTAINER } from '../../keys';
import type { Container } from '../../k8s/pod';
import { SHORTHAND_FORMATS, type ExplainerSpec, type PredictorSpec, type TransformerSpec } from '../types';
import type { Report } from './report';

/** The "exactly one implementation" rule: a model, one older spelling, or a custom container. */
export function checkImplementation(predictor: PredictorSpec, path: string, report: Report): void {
  const given: string[] = SHORTHAND_FORMATS.filter((f) => predictor[f] !== undefined);
  if (predictor.model) given.push('model');
  const containers = predictor.containers ?? [];
  if (containers.some((c) => c.name === CONTAINER.server) || (given.length === 0 && containers.length > 0)) given.push('containers');
  if (given.length === 0) {
    report(path, 'says no model: exactly one of model, containers or a format name is needed', 'add model: {modelFormat: {name: sklearn}, storageUri: ...}', 'ISVC_API_EXACTLY_ONE');
  } else if (given.length > 1) {
    report(path, `says its model ${given.length} times (${given.join(', ')}); exactly one is allowed`, `keep one of ${given.join(', ')}`, 'ISVC_API_EXACTLY_ONE');
  }
  if (containers.length > 1 && given.includes('containers') && !containers.some((c) => c.name === CONTAINER.server)) {
    report(`${path}.containers`, `none of ${containers.map((c) => `"${c.name}"`).join(', ')} is called ${CONTAINER.server}`, `name the model server ${CONTAINER.server}`);
  }
  for (const field of ['model', ...SHORTHAND_FORMATS] as const) {
    // KServe's webhook stores an empty one in every service.
    if (predictor[field]?.name) report(`${path}.${field}.name`, `is not allowed: the container is always called ${CONTAINER.server}`, 'remove it');
  }
}

export function checkTransformer(transformer: TransformerSpec, report: Report): void {
  if (transformer.containers?.length) return;
  report('spec.transformer', 'says no container: a transformer is one container of your own', 'add containers: [{image: ...}]', 'ISVC_API_EXACTLY_ONE');
}

export function checkExplainer(explainer: ExplainerSpec, report: Report): void {
  const given = [...(explainer.art ? ['art'] : []), ...(explainer.containers?.length ? ['containers'] : [])];
  if (given.length === 1) return;
  const what = given.length === 0 ? 'says no explainer' : `says its explainer twice (${given.join(', ')})`;
  report('spec.explainer', `${what}: exactly one of art or containers is needed`, 'keep containers: [{image: ...}] or art: {type: ...}', 'ISVC_API_EXACTLY_ONE');
}

/** PYTHONPATH in a model server would let an environment variable replace its code. */
export function checkBlockedEnv(containers: readonly Container[], path: string, report: Report): void {
  for (const container of containers) {
    if (container.env?.some((e) => e.name === 'PYTHONPATH')) {
      report(path, `sets env PYTHONPATH in container ${container.name}, which is not allowed`, 'remove it');
    }
  }
}

/** Every container of a predictor that a user can give environment to, with where it stands. */
export function predictorContainers(predictor: PredictorSpec, path: string): readonly (readonly [string, readonly Container[]])[] {
  const models = ['model', ...SHORTHAND_FORMATS] as const;
  return [
    ...models.flatMap((field) => {
      const env = predictor[field]?.env;
      return env ? ([[`${path}.${field}`, [{ name: field, env }]]] as const) : [];
    }),
    [`${path}.containers`, predictor.containers ?? []],
    [`${path}.initContainers`, predictor.initContainers ?? []],
    [`${path}.workerSpec.containers`, predictor.workerSpec?.containers ?? []],
  ];
}
