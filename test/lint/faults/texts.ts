import type { TextFault } from '../faults';

/** Changes one line that matches. */
function inLine(pattern: RegExp, change: (line: string) => string): TextFault {
  return (text, random) => {
    const lines = text.split('\n');
    const index = random.pick(lines.flatMap((line, i) => (pattern.test(line) ? [i] : [])));
    if (index === undefined) return undefined;
    const line = lines[index] ?? '';
    const changed = change(line);
    if (changed === line) return undefined;
    return { text: lines.map((l, i) => (i === index ? changed : l)).join('\n'), what: `line ${index + 1}: "${changed.trim()}"` };
  };
}

/** A comment that switches off what there is not. */
const COMMENT: TextFault = (text, random) => {
  const wrong = random.pick(['ISVC_LINT_GPU_LIMITS', 'ISVC_API_UNKNOWN_FELD', 'ISVC_LINT_NAMES']) ?? '';
  return { text: `# isvc-lint-disable ${wrong}\n${text}`, what: `a comment names ${wrong}`, comment: true };
};

/** Faults in the text, before it is an object. */
export const textFaults: Readonly<Record<string, TextFault>> = {
  'tab': inLine(/^ {2,}\w+:/, (line) => line.replace(/^ {2}/, '\t')),
  'no colon': inLine(/^ +\w+: \S/, (line) => line.replace(': ', ' ')),
  'no space after the colon': inLine(/^ +(minReplicas|maxReplicas|timeout|name|image): \S/, (line) => line.replace(': ', ':')),
  'indented too far': inLine(/^ {4}\w+: \S/, (line) => `   ${line}`),
  'indented too little': inLine(/^ {4,}(storageUri|minReplicas|maxReplicas|image|name): /, (line) => line.replace(/^ {2}/, '')),
  'open quote': inLine(/^ +\w+: [a-z]/, (line) => line.replace(': ', ': "')),
  'the same key twice': inLine(/^ +(minReplicas|storageUri|namespace|name): \S/, (line) => (line.includes('- ') ? line : `${line}\n${line}`)),
  'comment for a rule that is not': COMMENT,
  'conflict marker': inLine(/^ +storageUri: /, (line) => `<<<<<<< HEAD\n${line}\n=======\n${line}\n>>>>>>> other`),
};
