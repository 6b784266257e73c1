import { IsvcError } from 'cdk8s-kserve/api';
import type { EstimatorTree, FormatDetails, PickledName } from '../../inspect/format-details';
import { openPickle } from '../joblib/decompress';
import { readAttachment } from '../joblib/read-attachment';
import { readPickle } from '../pickle/read-pickle';
import { PickledObject, type PickleValue } from '../pickle/value';
import { readClassLabels } from './class-labels';
import { FittedState } from './fitted-state';
import { refusalOfName } from './refused-name';

/** Names kept; a file with more is no model, and the first tell enough. */
const MAX_NAMES = 2000;
const MAX_DEPTH = 6;
const MAX_PARTS = 100;
const MAX_CLASSES = 1000;

/**
 * What a pickle says of itself, refused or not: it is read as data with every name let through, so that all of them are
 * seen. What lies behind damage is not.
 */
export function sklearnDetails(bytes: Buffer, file: string): FormatDetails {
  const seen = new Map<string, PickledName>();
  const allows = (module: string, name: string): boolean => {
    const label = printable(`${module}.${name}`);
    const reason = refusalOfName(module, name);
    if (seen.size < MAX_NAMES || reason !== undefined) seen.set(label, { name: label, allowed: reason === undefined, ...(reason === undefined ? {} : { reason }) });
    return true;
  };
  let root: PickleValue = null;
  const reader = openPickle(bytes, file);
  try {
    root = readPickle(reader, { allows, readAttachment });
  } catch (error) {
    if (!(error instanceof IsvcError)) throw error;
  }
  const names = [...seen.values()].sort((a, b) => Number(a.allowed) - Number(b.allowed) || (a.name < b.name ? -1 : 1));
  return { names, ...(root instanceof PickledObject ? estimatorDetails(root, file, reader.bytes.length) : {}) };
}

function estimatorDetails(root: PickledObject, file: string, fileBytes: number): FormatDetails {
  const writtenBy = versionOf(root);
  const classes = classesOf(root, file, fileBytes);
  return { structure: treeOf(root), ...(writtenBy ? { writtenBy } : {}), ...(classes ? { classes } : {}) };
}

function versionOf(root: PickledObject): Readonly<Record<string, string>> | undefined {
  const version = attribute(root, '_sklearn_version');
  return typeof version === 'string' ? { 'scikit-learn': printable(version) } : undefined;
}

/** `classes_` of the estimator that answers: the last step of a pipeline, the best one of a search. */
function classesOf(root: PickledObject, file: string, fileBytes: number): readonly (string | number)[] | undefined {
  let last = root;
  for (let depth = 0; depth < MAX_DEPTH && attribute(last, 'classes_') === undefined; depth++) {
    const steps = membersOf(last, 'steps');
    const next = attribute(last, 'best_estimator_') ?? steps[steps.length - 1]?.[1];
    if (!(next instanceof PickledObject)) return undefined;
    last = next;
  }
  if (attribute(last, 'classes_') === undefined) return undefined;
  try {
    return readClassLabels(FittedState.of(last, file, fileBytes)).values.slice(0, MAX_CLASSES).map((label) => (typeof label === 'bigint' ? String(label) : label));
  } catch (error) {
    if (error instanceof IsvcError) return undefined;
    throw error;
  }
}

/** Attributes that hold named estimators, as pairs or triples. */
const GROUPS = ['steps', 'transformers_', 'transformer_list', 'estimators'] as const;
/** Attributes that hold one. */
const SINGLE = ['best_estimator_', 'estimator_', 'final_estimator_', 'regressor_'] as const;

function treeOf(object: PickledObject, name?: string, depth = 0): EstimatorTree {
  const parts: EstimatorTree[] = [];
  if (depth < MAX_DEPTH) {
    for (const group of GROUPS) {
      for (const [label, member] of membersOf(object, group)) if (member instanceof PickledObject) parts.push(treeOf(member, printable(label), depth + 1));
    }
    for (const single of SINGLE) {
      const member = attribute(object, single);
      if (member instanceof PickledObject) parts.push(treeOf(member, single, depth + 1));
    }
  }
  const type = printable(object.type.toString());
  return { type, ...(name === undefined ? {} : { name }), ...(parts.length > 0 ? { parts: parts.slice(0, MAX_PARTS) } : {}) };
}

function membersOf(object: PickledObject, name: string): [string, PickleValue | undefined][] {
  const list = attribute(object, name);
  if (!Array.isArray(list)) return [];
  return list.slice(0, MAX_PARTS).flatMap((pair): [string, PickleValue | undefined][] => (Array.isArray(pair) && typeof pair[0] === 'string' ? [[pair[0], pair[1]]] : []));
}

function attribute(object: PickledObject, name: string): PickleValue | undefined {
  return object.state instanceof Map ? object.state.get(name) : undefined;
}

/** Text of the file that goes to a terminal. */
function printable(text: string): string {
  const clean = text.replace(/[^\x20-\x7e]/g, '?');
  return clean.length > 120 ? `${clean.slice(0, 120)}...` : clean;
}
