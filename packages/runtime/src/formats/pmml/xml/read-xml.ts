import { StringDecoder } from 'node:string_decoder';
import { IsvcError } from 'cdk8s-kserve/api';
import { SaxesParser } from 'saxes';
import { Element } from './element';

/** Trees are rarely deeper than a hundred nodes; what follows the tree downwards may recurse. */
const MAX_DEPTH = 1_500;
const MAX_ELEMENTS = 20_000_000;
/** Bytes given to the parser at once, so that the document never is one more text in memory. */
const CHUNK = 1 << 20;
const BLANK = /^\s*$/;

/**
 * Reads an XML document into elements. A document type and its entities are refused, so nothing in it grows or reaches out.
 *
 * @throws IsvcError ISVC_MODEL_CORRUPT naming the line, ISVC_MODEL_FORBIDDEN for a document type, ISVC_MODEL_UNSUPPORTED beyond the limits.
 */
export function readXml(bytes: Buffer, file: string): Element {
  const parser = new SaxesParser();
  const open: Element[] = [];
  let root: Element | undefined;
  let elements = 0;
  parser.on('doctype', () => {
    throw new IsvcError('ISVC_MODEL_FORBIDDEN', `line ${parser.line}: the document declares a document type, which could name entities`, {
      path: file, hint: 'remove the <!DOCTYPE> line; no PMML document needs one',
    });
  });
  parser.on('error', (error) => {
    throw corrupt(file, `line ${parser.line}: is no XML: ${error.message.replace(/^\d+:\d+: /, '')}`, error);
  });
  parser.on('opentag', ({ name, attributes }) => {
    const parent = open.at(-1);
    const element = new Element(localName(name), attributes, file, parser.line);
    if (open.length === MAX_DEPTH) throw tooLarge(element, `is nested more than ${MAX_DEPTH} levels deep`);
    if (++elements > MAX_ELEMENTS) throw tooLarge(element, `is one of more than ${MAX_ELEMENTS} elements`);
    if (parent) parent.children.push(element);
    else root = element;
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  const onText = (text: string): void => {
    const inside = open.at(-1);
    if (inside && (inside.text !== '' || !BLANK.test(text))) inside.text += text;
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  // The decoder keeps characters whole that a chunk's end cuts in two.
  const decoder = new StringDecoder('utf8');
  for (let start = 0; start < bytes.length; start += CHUNK) parser.write(decoder.write(bytes.subarray(start, start + CHUNK)));
  parser.write(decoder.end()).close();
  if (root) return root;
  throw corrupt(file, 'is no XML: it has no element');
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function corrupt(path: string, message: string, cause?: Error): IsvcError {
  return new IsvcError('ISVC_MODEL_CORRUPT', message, { path, hint: 'copy the file again and compare its checksum with the source', ...(cause ? { cause } : {}) });
}

function tooLarge({ file, line, name }: Element, problem: string): IsvcError {
  return new IsvcError('ISVC_MODEL_UNSUPPORTED', `line ${line}: ${name} ${problem}`, { path: file, hint: 'fit a smaller model, or export it as ONNX' });
}
