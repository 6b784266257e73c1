import { isUtf8 } from 'node:buffer';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';

/**
 * The body as JSON, whatever the content type says: clients that send none, `text/plain` or a charset mean JSON too.
 * KServe differs: it hands other content types to the model as bytes, which fails.
 *
 * @throws IsvcError ISVC_INPUT_INVALID, with KServe's opening words.
 */
export function parseJsonBody(body: Buffer): unknown {
  try {
    if (!isUtf8(body)) throw new SyntaxError('it is not UTF-8');
    return JSON.parse(body.toString());
  } catch (error) {
    throw new IsvcError('ISVC_INPUT_INVALID', `Unrecognized request format: ${reasonOf(body, messageOf(error))}`, { cause: error });
  }
}

function reasonOf(body: Buffer, parserText: string): string {
  if (body.length === 0) return 'the body is empty; expected a JSON object';
  const compressed = body[0] === 0x1f && body[1] === 0x8b;
  return compressed ? 'the body is compressed; send the header content-encoding: gzip' : parserText;
}
