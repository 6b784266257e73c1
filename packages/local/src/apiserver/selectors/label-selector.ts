import { badRequest } from '../status-error';

type Labels = Readonly<Record<string, string>>;
type Requirement = (labels: Labels) => boolean;

const NAME = /^(([a-z0-9]([a-z0-9.-]*[a-z0-9])?)\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

/**
 * Compiles a label selector as `kubectl -l` takes it: `a=b,c!=d,e in (x,y),f notin (z),g,!h,i>1`.
 * @throws StatusError 400 when the text is not a selector
 */
export function parseLabelSelector(text: string): (labels: Labels | undefined) => boolean {
  const requirements = splitOutsideParentheses(text).map((part) => parseRequirement(part.trim(), text));
  return (labels = {}) => requirements.every((requirement) => requirement(labels));
}

function parseRequirement(part: string, whole: string): Requirement {
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(part);
  if (set) {
    const values = new Set((set[3] ?? '').split(',').map((value) => labelValue(value.trim(), whole)));
    const key = labelKey(set[1] ?? '', whole);
    return set[2] === 'in' ? (labels) => has(labels, key) && values.has(labels[key] ?? '') : (labels) => !has(labels, key) || !values.has(labels[key] ?? '');
  }
  const bound = /^([^<>\s]+)\s*([<>])\s*(-?\d+)$/.exec(part);
  if (bound) {
    const [key, limit] = [labelKey(bound[1] ?? '', whole), Number(bound[3])];
    const holds = bound[2] === '<' ? (n: number) => n < limit : (n: number) => n > limit;
    return (labels) => /^-?\d+$/.test(labels[key] ?? '') && holds(Number(labels[key]));
  }
  const equality = /^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$/.exec(part);
  if (equality) {
    const [key, value] = [labelKey(equality[1] ?? '', whole), labelValue(equality[3] ?? '', whole)];
    return equality[2] === '!=' ? (labels) => !has(labels, key) || labels[key] !== value : (labels) => has(labels, key) && labels[key] === value;
  }
  if (part.startsWith('!')) {
    const key = labelKey(part.slice(1).trim(), whole);
    return (labels) => !has(labels, key);
  }
  const key = labelKey(part, whole);
  return (labels) => has(labels, key);
}

function has(labels: Labels, key: string): boolean {
  return Object.hasOwn(labels, key);
}

function labelKey(key: string, whole: string): string {
  if (!NAME.test(key)) throw badRequest(`unable to parse requirement: ${JSON.stringify(key)} in selector ${JSON.stringify(whole)} is not a valid label key`);
  return key;
}

function labelValue(value: string, whole: string): string {
  if (!VALUE.test(value)) throw badRequest(`unable to parse requirement: ${JSON.stringify(value)} in selector ${JSON.stringify(whole)} is not a valid label value`);
  return value;
}

/** Commas separate requirements, except between the values of `in (a,b)`. An empty text has no requirements. */
function splitOutsideParentheses(text: string): string[] {
  if (text.trim() === '') return [];
  const parts = [''];
  let depth = 0;
  for (const char of text) {
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (depth < 0 || depth > 1) throw badRequest(`unable to parse selector ${JSON.stringify(text)}: the parentheses do not match`);
    if (char === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  if (depth !== 0) throw badRequest(`unable to parse selector ${JSON.stringify(text)}: the parentheses do not match`);
  return parts;
}
