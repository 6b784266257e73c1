import { Yaml } from 'cdk8s';

/** Texts that YAML 1.1 takes for something else than text though they are plain words. */
const RESERVED = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null']);
/** Words that need no quotes anywhere: nothing in them means anything to YAML. (`e1` is a number of YAML 1.1.) */
const WORD = /^(?!e[0-9_]+$)[A-Za-z](?:[A-Za-z0-9_./@-]|:(?=[A-Za-z0-9_/]))*$/i;
/** Longer texts are left to cdk8s altogether. */
const LONGEST_TEXT = 200;

/** How texts that are no plain words are written, by themselves; the same ones come again and again. */
const written = new Map<string, string | undefined>();
const MOST_WRITTEN = 10_000;

/**
 * The same text as `Yaml.stringify(object)`, several times faster: most of an object is plain words and whole numbers, and
 * those need no thought. What does is left to cdk8s: single texts, or the whole object where a text spans lines.
 */
export function emitYaml(object: unknown): string {
  const lines: string[] = [];
  return isFilled(object) && emit(object, '', lines) ? `${lines.join('\n')}\n` : Yaml.stringify(object);
}

/** Appends a map or a list; false where something in it has to be left to cdk8s. */
function emit(value: object, indent: string, lines: string[]): boolean {
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) if (!emitItem(item, indent, lines)) return false;
    return true;
  }
  for (const [key, item] of Object.entries(value)) {
    const name = scalar(key);
    if (name === undefined || !emitUnder(`${indent}${name}:`, item, indent, lines)) return false;
  }
  return true;
}

/** What stands behind `key:`, on its line or below it. */
function emitUnder(head: string, value: unknown, indent: string, lines: string[]): boolean {
  if (isFilled(value)) {
    lines.push(head);
    return emit(value, `${indent}  `, lines);
  }
  const text = scalar(value);
  if (text === undefined) return false;
  lines.push(`${head} ${text}`);
  return true;
}

/** The first line of an item stands behind its dash. */
function emitItem(value: unknown, indent: string, lines: string[]): boolean {
  if (!isFilled(value)) {
    const text = scalar(value);
    if (text === undefined) return false;
    lines.push(`${indent}- ${text}`);
    return true;
  }
  const first = lines.length;
  if (!emit(value, `${indent}  `, lines)) return false;
  lines[first] = `${indent}- ${(lines[first] ?? '').slice(indent.length + 2)}`;
  return true;
}

function isFilled(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** A value on one line; undefined where cdk8s has to write it in its place. */
function scalar(value: unknown): string | undefined {
  if (typeof value === 'string') return WORD.test(value) && !RESERVED.has(value.toLowerCase()) ? value : other(value);
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0))) return String(value);
  if (Array.isArray(value)) return '[]';
  return typeof value === 'object' && value !== null ? '{}' : undefined;
}

function other(text: string): string | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  if (written.has(text)) return written.get(text);
  const lines = Yaml.stringify(text).replace(/\n$/, '');
  const line = lines.includes('\n') ? undefined : lines;
  if (written.size < MOST_WRITTEN) written.set(text, line);
  return line;
}
