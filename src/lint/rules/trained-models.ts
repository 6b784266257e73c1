import { isTrainedModel, type TrainedModel } from '../../api';
import { admitModels, isMultiModel, memoryLimit } from '../../render';
import type { LintContext } from '../context';
import { documents, object, rawService } from '../example';
import type { LintObject } from '../lint-object';
import type { Hit, Rule } from '../rule';
import type { Severity } from '../finding';

function modelsOf({ objects }: LintContext): readonly { readonly on: LintObject; readonly model: TrainedModel }[] {
  return objects.filter((o) => o.usable && isTrainedModel(o.object)).map((on) => ({ on, model: on.object as TrainedModel }));
}

/** A folder without services says nothing of the cluster's. */
function* parents(context: LintContext): Generator<Hit> {
  const known = context.services.length > 0;
  for (const { on, model } of modelsOf(context)) {
    const name = model.spec.inferenceService;
    const parent = context.services.find((s) => s.on.namespace === on.namespace && s.service.metadata.name === name);
    if (!parent) {
      const severity: Severity = known ? 'warning' : 'info';
      yield { on, path: 'spec.inferenceService', severity, message: `InferenceService "${name}" is not in namespace ${on.namespace} here`, hint: 'add it, or make sure that the cluster has it' };
    } else if (!isMultiModel(parent.service.spec.predictor)) {
      yield { on, path: 'spec.inferenceService', message: `InferenceService "${name}" has a model of its own, so it loads no further ones`, hint: 'remove its storageUri, or make a service of this model' };
    }
  }
}

function* memory(context: LintContext): Generator<Hit> {
  const models = modelsOf(context);
  for (const { on, service } of context.services) {
    const limit = memoryLimit(service.spec.predictor);
    const own = models.filter((m) => m.on.namespace === on.namespace && m.model.spec.inferenceService === service.metadata.name);
    if (limit === undefined) continue;
    const { refused } = admitModels(service, own.map((m) => m.model));
    for (const { on: place, model } of own.filter((m) => refused.includes(m.model))) {
      yield { on: place, path: 'spec.model.memory', message: `${String(model.spec.model.memory)} do not fit: the models of InferenceService "${service.metadata.name}" share its memory limit, and the others use it up`, hint: "raise the predictor's memory limit" };
    }
  }
}

const MANY = rawService(`
  predictor:
    model:
      modelFormat: { name: sklearn }
      resources: { requests: { cpu: "1", memory: 512Mi }, limits: { cpu: "1", memory: 512Mi } }
`, { name: 'many' });
const ONE = object('serving.kserve.io/v1alpha1', 'TrainedModel', `
  inferenceService: many
  model: { framework: sklearn, storageUri: s3://models/roses, memory: 256Mi }
`, { name: 'roses' });

/** Models of a service that serves several. */
export const TRAINED_MODEL_RULES: readonly Rule[] = [
  {
    code: 'ISVC_LINT_MODEL_PARENT', severity: 'error', title: "A TrainedModel's service serves several models",
    why: 'The model is loaded by the server of the service that it names. One that is not there, or that has a model of its own, never loads it.',
    bad: documents(MANY, ONE.replace('inferenceService: many', 'inferenceService: may')), good: documents(MANY, ONE), check: parents,
  },
  {
    code: 'ISVC_LINT_MODEL_MEMORY', severity: 'error', title: "TrainedModels fit into their service's memory",
    why: 'The models of a service share the memory limit of its predictor. One that does not fit beside the older ones is not loaded.',
    bad: documents(MANY, ONE.replace('memory: 256Mi', 'memory: 1Gi')), good: documents(MANY, ONE), check: memory,
  },
];
