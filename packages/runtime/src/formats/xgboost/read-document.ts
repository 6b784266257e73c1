import { MAX_FEATURES, MAX_OUTPUTS } from '../boosting/bounds';
import type { DocumentPart } from '../boosting/document-part';
import type { Ensemble, RawLinear, RawTrees } from './ensemble';
import { readTree } from './read-tree';

/** Reads the `learner` of a JSON or UBJSON model. */
export function readDocument(document: DocumentPart): Ensemble {
  const learner = document.part('learner');
  const parameters = learner.part('learner_model_param');
  const features = parameters.part('num_feature').integer(1, MAX_FEATURES);
  const classes = parameters.part('num_class').integer(0, MAX_OUTPUTS);
  const targets = parameters.optional('num_target')?.integer(0, MAX_OUTPUTS) ?? 1;
  return {
    features,
    featureNames: readNames(learner.optional('feature_names'), features),
    outputs: Math.max(classes, targets, 1),
    objective: learner.part('objective').part('name').text(),
    baseScore: readBaseScore(parameters.part('base_score')),
    baseScoreIsMargin: false,
    booster: readBooster(learner.part('gradient_booster')),
    bestIteration: readBestIteration(learner.optional('attributes')),
  };
}

function readBooster(booster: DocumentPart): RawTrees | RawLinear {
  const name = booster.part('name').text();
  switch (name) {
    case 'gbtree':
      return readTrees(booster.part('model'));
    case 'dart':
      return { ...readTrees(booster.part('gbtree').part('model')), weights: booster.part('weight_drop').numbers() };
    case 'gblinear':
      return { kind: 'linear', weights: booster.part('model').part('weights').numbers() };
    default:
      throw booster.unsupported(`the booster ${JSON.stringify(name.slice(0, 40))} is not evaluated here; supported are gbtree, dart, gblinear`, 'export the model as ONNX');
  }
}

function readTrees(model: DocumentPart): RawTrees {
  return {
    kind: 'trees',
    trees: model.part('trees').items().map(readTree),
    groups: model.part('tree_info').numbers(),
    roundEnds: model.optional('iteration_indptr')?.numbers(),
    parallelTrees: model.part('gbtree_model_param').optional('num_parallel_tree')?.integer(0, 2 ** 31) || 1,
  };
}

/** A number, from release to release also as text, as text of a list, and possibly as a list: `5E-1`, `[5E-1]`, `[1E0,2E0]`. */
export function readBaseScore(part: DocumentPart): number[] {
  if (Array.isArray(part.value) || ArrayBuffer.isView(part.value)) return Array.from(part.numbers());
  if (typeof part.value !== 'string') return [part.number()];
  const scores = part.value.replace(/^\[|\]$/g, '').split(',', MAX_OUTPUTS + 1).map((text) => (text.trim() === '' ? Number.NaN : Number(text)));
  if (scores.some(Number.isNaN)) throw part.corrupt(`is ${JSON.stringify(part.value.slice(0, 40))}, not a number or list of numbers`);
  return scores;
}

function readNames(part: DocumentPart | undefined, features: number): readonly string[] | undefined {
  if (!part || part.items().length === 0) return undefined;
  const names = part.texts();
  if (names.length !== features) throw part.corrupt(`must be ${features} names, are ${names.length}`);
  if (new Set(names).size !== features) throw part.corrupt('has a name twice');
  return names;
}

function readBestIteration(attributes: DocumentPart | undefined): number | undefined {
  return attributes?.optional('best_iteration')?.integer(0, 2 ** 31);
}
