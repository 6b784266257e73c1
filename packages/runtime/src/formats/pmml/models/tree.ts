import type { Row } from '../fields/row';
import type { Present, Value } from '../fields/value';
import { type Predicate, predicateOf } from '../predicates';
import type { Element } from '../xml/element';
import { type CompileModelKind, type ModelContext, NOTHING, best, categoryOf, shares } from './model';
import type { Prediction } from '../prediction';

const STRATEGIES = ['none', 'lastPrediction', 'nullPrediction', 'defaultChild'] as const;

interface TreeNode {
  readonly predicate: Predicate;
  readonly children: readonly TreeNode[];
  /** Where rows go whose value is missing. */
  readonly defaultChild?: TreeNode;
  /** @default - the node has no score */
  readonly prediction?: Prediction;
}

/** TreeModel, as a classification or a regression. */
export const compileTree: CompileModelKind = (element, context) => {
  const strategy = element.oneOf('missingValueStrategy', STRATEGIES, 'none');
  const keepLast = element.oneOf('noTrueChildStrategy', ['returnNullPrediction', 'returnLastPrediction'], 'returnNullPrediction') === 'returnLastPrediction';
  const count = { nodes: 0 };
  const root = compileNode(element.required('Node'), context, count);
  return (row) => {
    if (root.predicate(row) !== true) return NOTHING;
    return walk(root, row, strategy, keepLast) ?? NOTHING;
  };
};

function walk(root: TreeNode, row: Row, strategy: (typeof STRATEGIES)[number], keepLast: boolean): Prediction | undefined {
  let node = root;
  let last = node.prediction;
  while (node.children.length > 0) {
    let next: TreeNode | undefined;
    for (const child of node.children) {
      const holds = child.predicate(row);
      if (holds === true) {
        next = child;
        break;
      }
      if (holds === undefined && strategy !== 'none') {
        if (strategy === 'lastPrediction') return last;
        if (strategy === 'nullPrediction') return undefined;
        next = node.defaultChild;
        break;
      }
    }
    if (!next) return keepLast ? last : undefined;
    node = next;
    last = node.prediction ?? last;
  }
  return node.prediction ?? last;
}

function compileNode(element: Element, context: ModelContext, count: { nodes: number }): TreeNode {
  // Nodes without an id are known by their number in the document.
  count.nodes++;
  const id = element.attribute('id') ?? String(count.nodes);
  const inner = element.all('Node');
  const children = inner.map((child) => compileNode(child, context, count));
  const wanted = element.attribute('defaultChild');
  const index = inner.findIndex((child) => child.attribute('id') === wanted);
  if (wanted !== undefined && index < 0) throw element.corrupt(`has defaultChild "${wanted.slice(0, 60)}", which is none of its nodes`);
  if (element.child('EmbeddedModel') ?? element.child('Regression') ?? element.child('DecisionTree')) throw element.unsupported('has a model inside it, which is not read');
  const prediction = predictionOf(element, id, context);
  return {
    predicate: predicateOf(element, context.scope),
    children,
    ...(prediction ? { prediction } : {}),
    ...(wanted === undefined ? {} : { defaultChild: children[index] as TreeNode }),
  };
}

function predictionOf(element: Element, entityId: string, context: ModelContext): Prediction | undefined {
  const score = element.attribute('score');
  const distribution = element.all('ScoreDistribution');
  if (context.functionName !== 'classification') return score === undefined ? undefined : { value: context.round(element.number('score')), entityId };
  if (score === undefined && distribution.length === 0) return undefined;
  if (distribution.length === 0) return { value: categoryOf(score as string, context, element), entityId };
  const confidences = new Map(distribution.filter((one) => one.attribute('confidence') !== undefined).map((one) => [categoryOf(one.requiredAttribute('value'), context, one), one.number('confidence')]));
  const probabilities = probabilitiesOf(distribution, context);
  const value: Value = score === undefined ? best(probabilities) : categoryOf(score, context, element);
  return { value, probabilities, entityId, ...(confidences.size > 0 ? { confidences } : {}) };
}

function probabilitiesOf(distribution: readonly Element[], context: ModelContext): ReadonlyMap<Present, number> {
  const stated = distribution.some((one) => one.attribute('probability') !== undefined);
  const numbers = new Map(distribution.map((one) => [categoryOf(one.requiredAttribute('value'), context, one), context.round(one.number(stated ? 'probability' : 'recordCount', stated ? 0 : undefined))]));
  return stated ? numbers : shares(numbers, context.round);
}
