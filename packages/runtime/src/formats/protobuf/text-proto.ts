import { IsvcError } from 'cdk8s-kserve/api';

/** A field's value: `TYPE_FP32` and `8` are text as written, a quoted text is its content. */
export type TextProtoValue = string | TextProtoMessage;

/** A message in protobuf's text format: every value of every field, in order. */
export type TextProtoMessage = ReadonlyMap<string, readonly TextProtoValue[]>;

const MAX_NESTING = 32;
const MAX_LENGTH = 1024 * 1024;
const TOKEN = /[\s,;]+|#[^\n]*|"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'|[A-Za-z_][\w.]*|-?[\w.+-]+|[{}<>[\]:]/y;

/**
 * Reads protobuf's text format (`config.pbtxt`) without a schema.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT with the line.
 */
export function parseTextProto(text: string, file: string): TextProtoMessage {
  if (text.length > MAX_LENGTH) throw new IsvcError('ISVC_MODEL_CORRUPT', `has ${text.length} characters, ${MAX_LENGTH} are read`, { path: file });
  const tokens = tokensOf(text, file);
  let next = 0;
  const fail = (expected: string): never => {
    const token = tokens[next];
    throw new IsvcError('ISVC_MODEL_CORRUPT', `line ${token?.line ?? text.split('\n').length}: expected ${expected}, found ${token ? JSON.stringify(token.text.slice(0, 40)) : 'the end'}`, { path: file });
  };
  const take = (text: string): boolean => tokens[next]?.text === text && next++ >= 0;

  const message = (close: string | undefined, depth: number): TextProtoMessage => {
    if (depth > MAX_NESTING) fail(`no more than ${MAX_NESTING} messages inside each other`);
    const fields = new Map<string, TextProtoValue[]>();
    while (close === undefined ? next < tokens.length : !take(close)) {
      const token = tokens[next];
      if (!token || !/^[A-Za-z_]/.test(token.text)) return fail('the name of a field');
      next++;
      const values = fields.get(token.text) ?? [];
      fields.set(token.text, values);
      const colon = take(':');
      if (take('[')) {
        while (!take(']')) values.push(value(true, depth));
      } else values.push(value(colon, depth));
    }
    return fields;
  };
  const value = (scalar: boolean, depth: number): TextProtoValue => {
    if (take('{')) return message('}', depth + 1);
    if (take('<')) return message('>', depth + 1);
    const token = tokens[next];
    if (!token || !scalar || /^[{}<>[\]:]$/.test(token.text)) return fail(scalar ? 'a value' : '":" or "{"');
    next++;
    if (!/^["']/.test(token.text)) return token.text;
    let whole = unquoted(token.text);
    // Texts beside each other are one text, as in C.
    while (/^["']/.test(tokens[next]?.text ?? '')) whole += unquoted(tokens[next++]?.text ?? '');
    return whole;
  };
  return message(undefined, 0);
}

/** The last value of a field, as protobuf has it for fields that are not lists. */
export function textProtoValue(message: TextProtoMessage | undefined, name: string): TextProtoValue | undefined {
  return message?.get(name)?.at(-1);
}

interface Token {
  readonly text: string;
  readonly line: number;
}

function tokensOf(text: string, file: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  for (let line = 1; pattern.lastIndex < text.length;) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text)?.[0];
    if (match === undefined) {
      throw new IsvcError('ISVC_MODEL_CORRUPT', `line ${line}: ${JSON.stringify(text.slice(at, at + 10))} is no text of protobuf`, { path: file });
    }
    if (!/^[\s,;#]/.test(match)) tokens.push({ text: match, line });
    line += match.split('\n').length - 1;
  }
  return tokens;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', '\'': '\'' };

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)/g, (_all, escape: string) => {
    if (escape.startsWith('x')) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    if (/^[0-7]/.test(escape)) return String.fromCharCode(Number.parseInt(escape, 8));
    return ESCAPES[escape] ?? escape;
  });
}
