import { fieldSchema, isJsonObject, messageOf, type StructuralSchema } from 'cdk8s-kserve/api';
import { type FieldError, invalidValue } from '../field-error';

/** A compiled rule: true, false, or an error of its own evaluation. */
type Compiled = (variables: { readonly self: unknown; readonly oldSelf: unknown }) => unknown;

/**
 * Evaluates the CEL rules of custom resources (`x-kubernetes-validations`) as the real server does: after the schema
 * has found nothing, at every node that has a value, with integers as CEL integers and only fields that the schema
 * names.
 */
export class CelRules {
  private readonly compile: (rule: string) => Compiled;
  private readonly compiled = new Map<string, Compiled>();

  private constructor(compile: (rule: string) => Compiled) {
    this.compile = compile;
  }

  /** The evaluator is an ES module, so it can be had only by waiting. */
  static async load(): Promise<CelRules> {
    const { Environment } = await import('@marcbachmann/cel-js');
    const environment = new Environment()
      .registerVariable('self', 'dyn')
      .registerVariable('oldSelf', 'dyn')
      // Kubernetes' own extension of the language.
      .registerFunction('list.sum(): dyn', (list: readonly (bigint | number)[]) => sum(list));
    return new CelRules((rule) => environment.parse(rule) as Compiled);
  }

  /** What the rules of a schema refuse. Rules that speak of `oldSelf` hold for updates only. */
  errors(schema: StructuralSchema, value: unknown, old: unknown): readonly FieldError[] {
    const found: FieldError[] = [];
    this.walk(schema, value, old, '', found);
    return found;
  }

  private walk(schema: StructuralSchema, value: unknown, old: unknown, path: string, found: FieldError[]): void {
    if (value === undefined || value === null) return;
    for (const { rule, message } of schema['x-kubernetes-validations'] ?? []) {
      if (/\boldSelf\b/.test(rule) && old === undefined) continue;
      const failure = this.failure(rule, toCel(schema, value, path === ''), toCel(schema, old, path === ''));
      if (failure !== undefined) found.push(invalidValue(path || '<nil>', Array.isArray(value) ? 'array' : typeof value, failure === '' ? (message ?? `failed rule: ${rule}`) : failure));
    }
    if (Array.isArray(value)) {
      const { items } = schema;
      if (items) value.forEach((item: unknown, i) => this.walk(items, item, undefined, `${path}[${i}]`, found));
    } else if (isJsonObject(value)) {
      for (const [name, item] of Object.entries(value)) {
        const child = fieldSchema(schema, name);
        if (child) this.walk(child, item, isJsonObject(old) ? old[name] : undefined, path === '' ? name : `${path}.${name}`, found);
      }
    }
  }

  /** Undefined when the rule holds, '' when it does not, the reason when it cannot be evaluated. */
  private failure(rule: string, self: unknown, oldSelf: unknown): string | undefined {
    try {
      let compiled = this.compiled.get(rule);
      if (!compiled) this.compiled.set(rule, (compiled = this.compile(rule)));
      return compiled({ self, oldSelf }) === true ? undefined : '';
    } catch (error) {
      return `rule evaluation error: ${messageOf(error).split('\n')[0]}: ${rule}`;
    }
  }
}

/** A value as CEL sees it through its schema: integers are integers, what the schema does not name is not there. */
function toCel(schema: StructuralSchema | null | undefined, value: unknown, isRoot = false): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => toCel(schema?.items, item));
  if (isJsonObject(value)) {
    const seen = Object.entries(value).flatMap(([name, item]): [string, unknown][] => {
      const child = schema ? fieldSchema(schema, name) : undefined;
      return child ? [[name, toCel(child, item)]] : [];
    });
    // Of the metadata, rules see the names alone.
    const metadata = isRoot && isJsonObject(value['metadata']) ? [['metadata', { name: value['metadata']['name'] }]] : [];
    return Object.fromEntries([...seen.filter(([name]) => !(isRoot && name === 'metadata')), ...metadata]);
  }
  return typeof value === 'number' && schema?.type !== 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

function sum(list: readonly (bigint | number)[]): bigint | number {
  return list.every((n) => typeof n === 'bigint') ? (list as readonly bigint[]).reduce((a, b) => a + b, 0n) : list.reduce<number>((a, b) => a + Number(b), 0);
}
