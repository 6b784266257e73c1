import type { X509Certificate } from 'node:crypto';

const SEQUENCE = 0x30;
const OBJECT_ID = 0x06;
const BOOLEAN = 0x01;
const EXTENSIONS = 0xa3;

/** Extensions by their object identifier, as hexadecimal of its DER content, e.g. `551d0f` for key usage. */
export type CertificateExtensions = ReadonlyMap<string, { readonly critical: boolean; readonly value: Buffer }>;

interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

/**
 * The extensions of a certificate, which Node reads but does not show.
 *
 * @throws RangeError for bytes that are no DER, which Node would have refused as a certificate.
 */
export function extensionsOf({ raw }: X509Certificate): CertificateExtensions {
  const certificate = childrenOf(raw)[0];
  const fields = childrenOf(childrenOf(certificate?.content ?? Buffer.alloc(0))[0]?.content ?? Buffer.alloc(0));
  const list = fields.find(({ tag }) => tag === EXTENSIONS);
  const extensions = list ? childrenOf(childrenOf(list.content)[0]?.content ?? Buffer.alloc(0)) : [];
  return new Map(extensions.filter(({ tag }) => tag === SEQUENCE).map(({ content }) => {
    const parts = childrenOf(content);
    const critical = parts.find(({ tag }) => tag === BOOLEAN)?.content[0] === 0xff;
    return [parts.find(({ tag }) => tag === OBJECT_ID)?.content.toString('hex') ?? '', { critical, value: parts.at(-1)?.content ?? Buffer.alloc(0) }];
  }));
}

/** The elements that lie side by side in DER content. */
export function childrenOf(content: Buffer): readonly Element[] {
  const found: Element[] = [];
  for (let at = 0; at < content.length; ) {
    const tag = content.readUInt8(at);
    const first = content.readUInt8(at + 1);
    const digits = first < 0x80 ? 0 : first & 0x7f;
    const length = digits === 0 ? first : content.readUIntBE(at + 2, digits);
    const start = at + 2 + digits;
    if (start + length > content.length) throw new RangeError('an element is longer than what holds it');
    found.push({ tag, content: content.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}
