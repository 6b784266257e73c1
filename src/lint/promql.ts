/** As much of PromQL as rules look at. No query is refused: what is not understood reads as harmless. */

const WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'on', 'ignoring', 'group_left', 'group_right', 'by', 'without', 'inf', 'nan']);
const GROUPING = /\b(by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)/gi;
const TEXT = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;
/** Texts, label matchers, ranges, names, numbers with units, and every other character. */
const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\{(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^}"'])*\}|\[[^\]]*\]|[A-Za-z_:][\w:]*|\d[\w.]*|\S/g;
/** Aggregations whose result stays the same however many replicas there are. */
const AVERAGES = new Set(['avg', 'min', 'max', 'quantile', 'histogram_quantile', 'avg_over_time', 'max_over_time', 'min_over_time', 'quantile_over_time']);

/** A metric that a query reads, with its label matchers as they are written. */
export interface ReadMetric {
  readonly name: string;
  readonly labels: string;
}

export function metricsOf(query: string): readonly ReadMetric[] {
  const tokens = query.replace(GROUPING, ' ').match(TOKEN) ?? [];
  return tokens.flatMap((name, at) => {
    const next = tokens[at + 1] ?? '';
    if (!/^[A-Za-z_:]/.test(name) || next === '(' || WORDS.has(name.toLowerCase())) return [];
    return [{ name, labels: next.startsWith('{') ? next : '' }];
  });
}

/**
 * Whether the result is a mean or a share, such as `avg(x)` or `sum(a) / sum(b)`: dividing that by the replicas, as a
 * target of type AverageValue does, gives a number that means nothing.
 */
export function isMeanOrShare(query: string): boolean {
  return isMean(query.replace(TEXT, '""').replace(/\{[^}]*\}|\[[^\]]*\]/g, '').replace(GROUPING, ' ').trim());
}

function isMean(expression: string): boolean {
  const { outside, groups } = split(expression);
  // Divided by a number, a sum stays a sum in another unit.
  if (/\/\s*[A-Za-z_:#]/.test(outside)) return true;
  const first = /^\s*([A-Za-z_:][\w:]*)?\s*#/.exec(outside);
  if (!first) return false;
  const name = first[1]?.toLowerCase();
  if (name === undefined) return isMean(groups[0] ?? '');
  return AVERAGES.has(name);
}

/** An expression with `#` for each outermost pair of parentheses, and what stands in those. */
function split(expression: string): { readonly outside: string; readonly groups: readonly string[] } {
  const groups: string[] = [];
  let [outside, depth, start] = ['', 0, 0];
  for (const [at, character] of [...expression].entries()) {
    if (character === '(' && depth++ === 0) start = at + 1;
    else if (character === ')' && depth > 0 && --depth === 0) {
      groups.push([...expression].slice(start, at).join(''));
      outside += '#';
    } else if (depth === 0) outside += character;
  }
  return { outside, groups };
}
