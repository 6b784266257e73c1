import type { EstimatorTree, GraphDetails, Inspection, ModelInspection, PickledName } from 'cdk8s-kserve-runtime';
import type { Colors } from 'picocolors/types';

/** Entries of a list before the rest is only counted. */
const SHOWN = 12;
const WIDTH = 110;

/** An inspection for people: one block a model, what is refused and the way out first. */
export function inspectText({ path, layout, models }: Inspection, colors: Colors): string {
  const head = models.length === 1 ? [] : [`${safe(path)}: ${layout}, ${models.length} models\n`];
  return `${[...head, ...models.map((model) => modelText(model, colors))].join('\n')}\n`;
}

function modelText(model: ModelInspection, colors: Colors): string {
  const version = model.version === undefined ? '' : ` version ${safe(model.version)}`;
  const kind = [model.format, model.bytes === undefined ? undefined : sizeText(model.bytes)].filter(Boolean).join(', ');
  const title = `${colors.bold(`${safe(model.name)}${version}`)}  ${safe(model.file)}${kind === '' ? '' : ` (${kind})`}`;
  const rows = rowsOf(model, colors).map(([label, text]) => `  ${label.padEnd(11)} ${text}`);
  return [title, ...rows].join('\n');
}

function rowsOf(model: ModelInspection, colors: Colors): [string, string][] {
  const { refusal, model: summary, classes, structure, names, graph } = model;
  const rows: [string, string][] = [['servable', refusal ? colors.red(`no: ${safe(refusal.message)} [${refusal.code}]`) : colors.green('yes')]];
  if (refusal?.hint) rows.push(['way out', safe(refusal.hint)]);
  if (model.mlflow) rows.push(['MLflow', safe([`${model.mlflow.version ?? ''} flavor ${model.mlflow.flavor}`.trim(), model.mlflow.modelClass].filter(Boolean).join(', '))]);
  if (structure) rows.push(...treeRows(structure));
  else if (summary) rows.push(['model', safe(summary.estimator)]);
  const writers = Object.entries(model.writtenBy ?? {}).map(([library, version]) => safe(`${library} ${version}`.trim()));
  if (writers.length > 0) rows.push(['written by', writers.join(', ')]);
  for (const [label, tensors] of [['input', summary?.inputs], ['output', summary?.outputs]] as const) {
    for (const { name, datatype, shape } of tensors ?? []) rows.push([label, `${safe(name)} ${datatype} [${shape.join(', ')}]`]);
  }
  if (summary?.featureNames) rows.push(['columns', listed(summary.featureNames)]);
  if (summary?.methods) rows.push(['answers', summary.methods.join(', ')]);
  if (classes) rows.push(['classes', listed(classes)]);
  if (graph) rows.push(...graphRows(graph));
  if (names) rows.push(...nameRows(names, colors));
  return rows;
}

function treeRows(tree: EstimatorTree, depth = 0): [string, string][] {
  const name = tree.name === undefined ? '' : `${safe(tree.name)}: `;
  const own: [string, string] = [depth === 0 ? 'estimator' : '', `${'  '.repeat(depth)}${name}${safe(tree.type)}`];
  return [own, ...(tree.parts ?? []).flatMap((part) => treeRows(part, depth + 1))];
}

function graphRows({ name, opsets, operators, externalFiles }: GraphDetails): [string, string][] {
  const rows: [string, string][] = [
    ['graph', safe(name)],
    ['opsets', listed(Object.entries(opsets).map(([domain, version]) => `${domain} ${version}`))],
    ['operators', listed(Object.entries(operators).map(([operator, nodes]) => (nodes === 1 ? operator : `${operator} x ${nodes}`)))],
  ];
  if (externalFiles.length > 0) rows.push(['weights in', listed(externalFiles)]);
  return rows;
}

function nameRows(names: readonly PickledName[], colors: Colors): [string, string][] {
  const refused = names.filter(({ allowed }) => !allowed);
  const allowed = names.filter((name) => name.allowed);
  const rows: [string, string][] = refused.slice(0, SHOWN).map(({ name, reason }) => ['refused', colors.red(`${safe(name)}: ${reason ?? ''}`)]);
  if (refused.length > SHOWN) rows.push(['refused', `and ${refused.length - SHOWN} more`]);
  const lines = wrapped(allowed.map(({ name }) => safe(name)));
  rows.push(['names', `${names.length} in the pickle, ${refused.length === 0 ? 'all' : allowed.length} allowed${lines.length > 0 ? ':' : ''}`]);
  for (const line of lines) rows.push(['', line]);
  return rows;
}

function wrapped(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + word.length + 2 <= WIDTH) lines[lines.length - 1] = `${last}, ${word}`;
    else lines.push(word);
  }
  return lines;
}

function listed(values: readonly (string | number)[]): string {
  const rest = values.length - SHOWN;
  return values.slice(0, SHOWN).map((value) => safe(String(value))).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** Names come from the file: no terminal codes, no lines of their own. */
function safe(text: string): string {
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '?');
  return clean.length > 400 ? `${clean.slice(0, 400)}...` : clean;
}
