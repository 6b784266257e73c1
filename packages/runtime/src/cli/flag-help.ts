import type { Flag } from './flags';

/** The help lines of a table of flags; those without effect are only named. */
export function flagHelp(table: Readonly<Record<string, Flag>>): string {
  const used = Object.entries(table).filter(([, flag]) => !flag.unused);
  const width = Math.max(...used.map(([name]) => name.length));
  const lines = used.map(([name, flag]) => `  --${name.padEnd(width)}  ${flag.help}${flag.default === '' ? '' : ` (default: ${flag.default})`}`);
  const unused = Object.keys(table).filter((name) => table[name]?.unused).map((name) => `--${name}`);
  return `${lines.join('\n')}\n\nAccepted for KServe's sake, without effect:\n${wrap(unused, 96)}`;
}

function wrap(words: readonly string[], width: number): string {
  const lines: string[] = [];
  let line = ' ';
  for (const word of words) {
    if (line.length + word.length + 1 > width) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}
