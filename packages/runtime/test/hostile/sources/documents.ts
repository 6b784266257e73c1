import { encode, key, long, raw } from '../../support/ubjson-writer';
import { smallXgboost } from '../../support/xgboost-document';
import { type Artifact, type HostileSource, oneOf, type Random, REFUSED } from '../artifact';
import { BOOSTING_FILES, type Genuine } from '../corpus';

type Fields = Record<string | number, unknown>;

/** What takes the place of an index, a size, a number or a whole part. */
const REPLACEMENTS: readonly unknown[] = [-1, -2, 0, 1, 2.5, 1e9, 2 ** 31, -(2 ** 31), 2 ** 53, 1e308, 'NaN', '', 'x', '2147483647', '-1', null, true, [], {}, [[[]]], 'constructor'];

const JSON_FILES = BOOSTING_FILES.filter(({ name, bytes }) => name.endsWith('.json') && bytes.length < 60_000);
const TEXT_FILES = BOOSTING_FILES.filter(({ library, bytes }) => library === 'lightgbm' && bytes.toString('latin1', 0, 5) === 'tree\n');
const UBJ_FILES = BOOSTING_FILES.filter(({ name }) => name.endsWith('.ubj'));

/** Well-formed documents in which a part is another one: children, features, counts, names of objectives. */
const jsonDocuments: HostileSource = {
  name: 'XGBoost and CatBoost: documents',
  makes: 'parts replaced, removed, repeated and moved in JSON documents, as JSON and UBJSON',
  share: 1000,
  make: (random: Random, index: number): Artifact => {
    const { name, library, bytes } = JSON_FILES[index % JSON_FILES.length] as Genuine;
    const document = JSON.parse(bytes.toString().replace(/([:[,])-?(?:NaN|Infinity)/g, '$1"NaN"')) as Fields;
    for (let changes = random(3); changes >= 0; changes--) changeSomewhere(document, random);
    const text = JSON.stringify(document);
    const ubjson = library === 'xgboost' && random(2) === 0;
    return { name: ubjson ? 'model.ubj' : name, bytes: ubjson ? encode(JSON.parse(text)) : Buffer.from(text), label: `a changed ${name}` };
  },
};

/** Trees that lead to themselves, to nowhere or never end, in every format that has trees of its own. */
const treeDocuments: HostileSource = {
  name: 'trees: cycles and missing nodes',
  makes: 'children that are parents, shared, negative, beyond the tree; chains of 20,000 nodes in a circle',
  share: 900,
  make: (random: Random): Artifact => oneOf(random, [xgboostCycle, lightgbmChildren, longCircle])(random),
};

/** UBJSON whose lengths, counts and types are lies. */
const ubjsonLengths: HostileSource = {
  name: 'UBJSON: lengths that lie',
  makes: 'lengths, counts and types of elements replaced where the format has them, depth without end',
  share: 700,
  make: (random: Random, index: number): Artifact => {
    if (index % 4 === 0) return { name: 'model.ubj', bytes: oneOf(random, LIES)(random), label: 'a handmade lie', refused: REFUSED };
    const { name, bytes } = oneOf(random, UBJ_FILES);
    const copy = Buffer.from(bytes);
    const places = [...positionsOf(copy, '#L'), ...positionsOf(copy, 'SL'), ...positionsOf(copy, '{L')];
    const at = oneOf(random, places) + 2;
    if (at + 8 <= copy.length) copy.writeBigInt64BE(oneOf(random, [-1n, 0n, 1n, 2n ** 31n, 2n ** 40n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n), BigInt(random(1e6))]), at);
    return { name, bytes: copy, label: `a length of ${name} at ${at}` };
  },
};

export const documents: readonly HostileSource[] = [jsonDocuments, treeDocuments, ubjsonLengths];

const LIES: readonly ((random: Random) => Buffer)[] = [
  (random) => raw('[$d#', long(2 ** (20 + random(33))), '\0\0\0\0'),
  (random) => raw('[#', long(2 ** (20 + random(33))), 'T'),
  (random) => raw('{#', long(2 ** (20 + random(33))), key('a'), 'T'),
  () => raw('[$Z#l\x3b\x9a\xca\0'),
  (random) => raw('['.repeat(10 + random(100_000))),
  (random) => raw(...Array.from({ length: 70 + random(500) }, () => raw('{', key('a')))),
  (random) => raw('S', long(-1 - random(1000))),
  (random) => raw('[', 'N'.repeat(random(100_000)), ']'),
  (random) => raw('[', '[]'.repeat(random(50_000)), ']'),
];

function changeSomewhere(document: Fields, random: Random): void {
  let part: Fields = document;
  for (let depth = random(14); depth > 0; depth--) {
    const inner = Object.values(part).filter((value): value is Fields => typeof value === 'object' && value !== null && Object.keys(value).length > 0);
    if (inner.length === 0) break;
    part = oneOf(random, inner);
  }
  const name = oneOf(random, Object.keys(part));
  const change = random(6);
  if (change === 0 && Array.isArray(part)) part.splice(Number(name), 1);
  else if (change === 0) delete part[name];
  else if (change === 1 && Array.isArray(part)) part.push(part[Number(name)]);
  else if (change === 2) part[name] = part[oneOf(random, Object.keys(part))];
  else part[name] = oneOf(random, REPLACEMENTS);
}

function xgboostCycle(random: Random): Artifact {
  const document = smallXgboost();
  const [tree] = document.learner.gradient_booster.model.trees;
  const side = random(2) === 0 ? tree?.left_children : tree?.right_children;
  // Nodes 0 and 1 compare; 5 is behind the last one.
  const node = random(2);
  if (side) side[node] = oneOf(random, [0, node, 5, 1e9, -7, 2.5]);
  const ubjson = random(2) === 0;
  const legitimate = side === tree?.left_children && (side?.slice(0, 2).some((child) => child < 0) ?? false);
  return { name: ubjson ? 'model.ubj' : 'model.json', bytes: ubjson ? encode(document) : Buffer.from(JSON.stringify(document)), label: `children ${side?.join()}`, ...(legitimate ? {} : { refused: REFUSED }) };
}

function lightgbmChildren(random: Random): Artifact {
  const { name, bytes } = oneOf(random, TEXT_FILES);
  const lines = bytes.toString('latin1').split('\n');
  const places = lines.flatMap((line, index) => (/^(left_child|right_child|split_feature|num_leaves|num_cat|cat_boundaries|decision_type)=/.test(line) ? [index] : []));
  const at = oneOf(random, places);
  const [field = '', values = ''] = (lines[at] ?? '').split('=');
  const cells = values.split(' ');
  cells[random(cells.length)] = oneOf(random, ['0', '-1', '-100', '1000', '2147483647', '-2147483648', '1.5', 'x', '']);
  lines[at] = `${field}=${cells.join(' ')}`;
  return { name: name.replace(/\.\w+$/, '.lgb'), bytes: Buffer.from(lines.join('\n'), 'latin1'), label: `${lines[at]?.slice(0, 60)} in ${name}` };
}

/** A chain as long as one makes it, whose end leads back. */
function longCircle(random: Random): Artifact {
  const document = smallXgboost();
  const depth = 1000 * (1 + random(20));
  const nodes = Array.from({ length: 2 * depth + 1 }, (_, node) => node);
  const inner = (node: number): boolean => node % 2 === 0 && node < 2 * depth;
  const [tree] = document.learner.gradient_booster.model.trees;
  const zeros = nodes.map(() => 0);
  document.learner.gradient_booster.model.trees = [{
    ...(tree as NonNullable<typeof tree>), left_children: nodes.map((node) => (inner(node) ? node + 1 : -1)), right_children: nodes.map((node) => (node === 2 * depth - 2 ? 2 * random(depth) : inner(node) ? node + 2 : -1)),
    split_indices: zeros, split_conditions: zeros, split_type: zeros, default_left: zeros, tree_param: { num_nodes: String(nodes.length), size_leaf_vector: '1', num_feature: '2' },
  }];
  return { name: 'model.json', bytes: Buffer.from(JSON.stringify(document)), label: `a circle of ${depth} nodes`, refused: REFUSED };
}

function positionsOf(bytes: Buffer, what: string): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(what); at >= 0; at = bytes.indexOf(what, at + 1)) found.push(at);
  return found;
}
