import { LineCounter, isMap, isNode, isPair, parseAllDocuments, type Document, type Node } from 'yaml';
import type { KubeObject } from 'cdk8s-kserve/api';
import { parseFieldPath } from './field-path';
import type { LocatedProblem, Manifest, Position } from './manifest';

/**
 * Reads the objects of one YAML or JSON text. A document that is no Kubernetes object is a problem, with its place;
 * empty documents are skipped, as kubectl does.
 */
export function parseManifests(text: string, file: string): { readonly manifests: readonly Manifest[]; readonly problems: readonly LocatedProblem[] } {
  const manifests: Manifest[] = [];
  const problems: LocatedProblem[] = [];
  const lines = new LineCounter();
  // YAML 1.1 is what kubectl reads: `on` is true and 0644 is octal there.
  const documents = parseAllDocuments(text, { version: '1.1', lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  for (const document of Array.isArray(documents) ? documents : []) {
    const [error] = document.errors;
    if (error) {
      problems.push({ file, position: at(lines, error.pos[0]), code: 'ISVC_API_INVALID_YAML', severity: 'error', message: `not valid YAML: ${error.message}` });
      continue;
    }
    const value: unknown = document.toJS();
    if (value === null || value === undefined) continue;
    for (const { object, prefix } of objectsOf(value)) {
      const position = (path: string): Position => positionOf(document, lines, [...prefix, ...parseFieldPath(path)]);
      if (isKubeObject(object)) manifests.push({ object, file, position });
      else problems.push({ file, position: position(''), code: 'ISVC_API_NOT_AN_OBJECT', severity: 'error', message: `not a Kubernetes object: ${missing(object)}` });
    }
  }
  return { manifests, problems };
}

/** The items of a `List`, or the document itself. */
function objectsOf(value: unknown): readonly { readonly object: unknown; readonly prefix: readonly (string | number)[] }[] {
  const list = value as { readonly kind?: unknown; readonly apiVersion?: unknown; readonly items?: unknown };
  if (list.kind === 'List' && list.apiVersion === 'v1' && Array.isArray(list.items)) {
    return list.items.map((object: unknown, index) => ({ object, prefix: ['items', index] }));
  }
  return [{ object: value, prefix: [] }];
}

function isKubeObject(value: unknown): value is KubeObject {
  return missing(value) === '';
}

function missing(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `expected a map, got ${Array.isArray(value) ? 'a list' : typeof value}`;
  const { apiVersion, kind, metadata } = value as Record<string, unknown>;
  if (typeof apiVersion !== 'string') return 'apiVersion is missing';
  if (typeof kind !== 'string') return 'kind is missing';
  const name = typeof metadata === 'object' && metadata !== null ? (metadata as Record<string, unknown>)['name'] : undefined;
  return typeof name === 'string' && name !== '' ? '' : 'metadata.name is missing';
}

/** Where the deepest part of the path that exists begins; for a field, where its key stands. */
function positionOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): Position {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    const next = child(node, step);
    if (!next) break;
    offset = next.offset;
    node = next.node;
  }
  return at(lines, offset);
}

function child(node: unknown, step: string | number): { readonly node: unknown; readonly offset: number } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && String((item.key as { value?: unknown } | null)?.value ?? '') === String(step));
    const key = pair?.key as Node | undefined;
    return pair && key ? { node: pair.value, offset: key.range?.[0] ?? 0 } : undefined;
  }
  const items = (node as { readonly items?: readonly unknown[] } | null)?.items;
  const item = typeof step === 'number' ? items?.[step] : undefined;
  return isNode(item) ? { node: item, offset: item.range?.[0] ?? 0 } : undefined;
}

function at(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
