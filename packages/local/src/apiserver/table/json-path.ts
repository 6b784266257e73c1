import { isJsonObject } from 'cdk8s-kserve/api';

/** One step of a path: a field, an index, all entries, or the entries of which a field has a value. */
type Step =
  | { readonly field: string }
  | { readonly index: number }
  | { readonly all: true }
  | { readonly where: string; readonly equals: string };

const STEP = /\.([A-Za-z0-9_$-]+(?:\\\.[A-Za-z0-9_$/-]+)*)|\[(\*)\]|\[(-?\d+)\]|\['((?:[^'\\]|\\.)+)'\]|\["((?:[^"\\]|\\.)+)"\]|\[\?\(\s*@\.([A-Za-z0-9_.-]+)\s*==\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.-]+))\s*\)\]/y;

const parsed = new Map<string, readonly Step[] | undefined>();

/**
 * The values that a printer column's JSON path finds: fields, `[n]`, `[*]` and `[?(@.type=="Ready")]`.
 * A path that cannot be parsed finds nothing.
 */
export function evaluateJsonPath(object: unknown, path: string): readonly unknown[] {
  if (!parsed.has(path)) parsed.set(path, parsePath(path));
  const steps = parsed.get(path);
  if (!steps) return [];
  return steps.reduce<readonly unknown[]>((found, step) => found.flatMap((value) => follow(value, step)), [object]).filter((value) => value !== undefined && value !== null);
}

function parsePath(path: string): readonly Step[] | undefined {
  const text = path.trim().replace(/^\{|\}$/g, '').replace(/^\$/, '');
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text);
    if (!match) return undefined;
    const [, dotted, star, index, single, double, where, ...values] = match;
    const name = dotted ?? single ?? double;
    if (name !== undefined) steps.push({ field: name.replace(/\\(.)/g, '$1') });
    else if (star) steps.push({ all: true });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else if (where !== undefined) steps.push({ where, equals: values.find((value) => value !== undefined) ?? '' });
  }
  return steps;
}

function follow(value: unknown, step: Step): readonly unknown[] {
  if ('field' in step) return isJsonObject(value) && Object.hasOwn(value, step.field) ? [value[step.field]] : [];
  if ('all' in step) return Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  if (!Array.isArray(value)) return [];
  if ('index' in step) return [value.at(step.index)];
  return value.filter((item) => {
    const actual = step.where.split('.').reduce<unknown>((current, name) => (isJsonObject(current) ? current[name] : undefined), item);
    return actual !== undefined && String(actual) === step.equals;
  });
}
